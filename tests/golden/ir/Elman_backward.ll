; ModuleID = "recurra"
target triple = "x86_64-unknown-linux-gnu"
target datalayout = ""

define void @"loop"(i64 %".1", i64 %".2", i64 %".3")
{
entry:
  %".6" = alloca i32
  call void @"llvm.x86.sse.stmxcsr"(i32* %".6")
  %".8" = load i32, i32* %".6"
  %".9" = or i32 %".8", 32832
  store i32 %".9", i32* %".6"
  call void @"llvm.x86.sse.ldmxcsr"(i32* %".6")
  %".12" = inttoptr i64 %".1" to ptr
  %".13" = getelementptr i64, ptr %".12", i64 4
  %".14" = load i64, ptr %".13"
  %".22" = inttoptr i64 %".1" to ptr
  %".23" = getelementptr i64, ptr %".22", i64 0
  %".24" = load i64, ptr %".23"
  %".25" = inttoptr i64 %".1" to ptr
  %".26" = getelementptr i64, ptr %".25", i64 1
  %".27" = load i64, ptr %".26"
  %".34" = inttoptr i64 %".1" to ptr
  %".35" = getelementptr i64, ptr %".34", i64 3
  %".36" = load i64, ptr %".35"
  %".40" = inttoptr i64 %".1" to ptr
  %".41" = getelementptr i64, ptr %".40", i64 2
  %".42" = load i64, ptr %".41"
  %".49" = inttoptr i64 %".1" to ptr
  %".50" = getelementptr i64, ptr %".49", i64 7
  %".51" = load i64, ptr %".50"
  %".62" = inttoptr i64 %".1" to ptr
  %".63" = getelementptr i64, ptr %".62", i64 13
  %".64" = load i64, ptr %".63"
  %".71" = inttoptr i64 %".1" to ptr
  %".72" = getelementptr i64, ptr %".71", i64 14
  %".73" = load i64, ptr %".72"
  %".74" = inttoptr i64 %".1" to ptr
  %".75" = getelementptr i64, ptr %".74", i64 15
  %".76" = load i64, ptr %".75"
  %".86" = inttoptr i64 %".1" to ptr
  %".87" = getelementptr i64, ptr %".86", i64 16
  %".88" = load i64, ptr %".87"
  %".89" = inttoptr i64 %".1" to ptr
  %".90" = getelementptr i64, ptr %".89", i64 17
  %".91" = load i64, ptr %".90"
  %".99" = inttoptr i64 %".1" to ptr
  %".100" = getelementptr i64, ptr %".99", i64 18
  %".101" = load i64, ptr %".100"
  %".102" = inttoptr i64 %".1" to ptr
  %".103" = getelementptr i64, ptr %".102", i64 19
  %".104" = load i64, ptr %".103"
  %".113" = inttoptr i64 %".1" to ptr
  %".114" = getelementptr i64, ptr %".113", i64 20
  %".115" = load i64, ptr %".114"
  %".116" = inttoptr i64 %".1" to ptr
  %".117" = getelementptr i64, ptr %".116", i64 21
  %".118" = load i64, ptr %".117"
  %".179" = inttoptr i64 %".1" to ptr
  %".180" = getelementptr i64, ptr %".179", i64 23
  %".181" = load i64, ptr %".180"
  %".187" = inttoptr i64 %".1" to ptr
  %".188" = getelementptr i64, ptr %".187", i64 24
  %".189" = load i64, ptr %".188"
  %".190" = inttoptr i64 %".1" to ptr
  %".191" = getelementptr i64, ptr %".190", i64 5
  %".192" = load i64, ptr %".191"
  %".193" = inttoptr i64 %".1" to ptr
  %".194" = getelementptr i64, ptr %".193", i64 6
  %".195" = load i64, ptr %".194"
  %".199" = inttoptr i64 %".1" to ptr
  %".200" = getelementptr i64, ptr %".199", i64 25
  %".201" = load i64, ptr %".200"
  %".207" = inttoptr i64 %".1" to ptr
  %".208" = getelementptr i64, ptr %".207", i64 22
  %".209" = load i64, ptr %".208"
  %".373" = inttoptr i64 %".1" to ptr
  %".374" = getelementptr i64, ptr %".373", i64 26
  %".375" = load i64, ptr %".374"
  %".376" = inttoptr i64 %".1" to ptr
  %".377" = getelementptr i64, ptr %".376", i64 27
  %".378" = load i64, ptr %".377"
  br label %"start"
start:
  %".15" = inttoptr i64 %".14" to ptr
  %".16" = getelementptr i64, ptr %".15", i64 %".2"
  %".17" = load i64, ptr %".16"
  %".18" = add i64 %".2", 1
  %".19" = inttoptr i64 %".14" to ptr
  %".20" = getelementptr i64, ptr %".19", i64 %".18"
  %".21" = load i64, ptr %".20"
  br label %"head"
head:
  %".29" = phi  i64 [%".24", %"start"], [%".30", %"body.endif"]
  %".30" = add i64 %".29", 1
  %".31" = icmp sle i64 %".30", %".27"
  br i1 %".31", label %"body", label %"after"
body:
  %".33" = add i64 %".29", 1
  %".37" = inttoptr i64 %".36" to ptr
  %".38" = getelementptr i64, ptr %".37", i64 %".29"
  %".39" = load i64, ptr %".38"
  %".43" = inttoptr i64 %".42" to ptr
  %".44" = getelementptr i64, ptr %".43", i64 %".29"
  %".45" = load i64, ptr %".44"
  %".46" = icmp slt i64 %".39", %".21"
  %".47" = select  i1 %".46", i64 %".39", i64 %".21"
  %".48" = and i64 %".29", 1
  %".52" = mul i64 %".48", %".51"
  %".53" = inttoptr i64 %".42" to ptr
  %".54" = getelementptr i64, ptr %".53", i64 %".33"
  %".55" = load i64, ptr %".54"
  %".56" = sub i64 %".51", %".52"
  %".57" = inttoptr i64 %".36" to ptr
  %".58" = getelementptr i64, ptr %".57", i64 %".33"
  %".59" = load i64, ptr %".58"
  %".60" = icmp slt i64 %".17", %".47"
  br i1 %".60", label %"body.if", label %"body.endif"
after:
  store i32 %".8", i32* %".6"
  call void @"llvm.x86.sse.ldmxcsr"(i32* %".6")
  ret void
body.if:
  br label %"head.1"
body.endif:
  br label %"head"
head.1:
  %".66" = phi  i64 [%".17", %"body.if"], [%".67", %"after.3.endif"]
  %".67" = add i64 %".66", 1
  %".68" = icmp sle i64 %".67", %".47"
  br i1 %".68", label %"body.1", label %"after.1"
body.1:
  %".70" = add i64 %".45", %".66"
  %".77" = mul i64 %".76", 4
  %".78" = mul i64 %".70", %".77"
  %".79" = add i64 %".73", %".78"
  %".85" = add i64 %".45", %".66"
  %".92" = mul i64 %".91", 4
  %".93" = mul i64 %".85", %".92"
  %".94" = add i64 %".88", %".93"
  %".98" = add i64 %".52", %".66"
  %".105" = mul i64 %".104", 4
  %".106" = mul i64 %".98", %".105"
  %".107" = add i64 %".101", %".106"
  %".112" = add i64 %".45", %".66"
  %".119" = mul i64 %".118", 4
  %".120" = mul i64 %".112", %".119"
  %".121" = add i64 %".115", %".120"
  br label %"head.2"
after.1:
  %".182" = add i64 %".45", %".17"
  %".183" = mul i64 %".76", 4
  %".184" = mul i64 %".182", %".183"
  %".185" = add i64 %".73", %".184"
  %".186" = sub i64 %".17", %".17"
  %".196" = mul i64 %".2", %".195"
  %".197" = add i64 %".192", %".196"
  %".198" = add i64 %".189", %".197"
  %".202" = mul i64 %".201", 4
  %".203" = mul i64 %".186", %".202"
  %".204" = add i64 %".198", %".203"
  %".205" = mul i64 %".201", 4
  %".206" = sub i64 %".47", %".17"
  %".210" = add i64 1, %".64"
  %".211" = mul i64 %".210", 64
  %".212" = icmp slt i64 %".206", 4
  br i1 %".212", label %"after.1.if", label %"after.1.else"
head.2:
  %".81" = phi  i64 [0, %"body.1"], [%".82", %"body.2"]
  %".82" = add i64 %".81", 16
  %".83" = icmp sle i64 %".82", %".64"
  br i1 %".83", label %"body.2", label %"after.2"
body.2:
  %".95" = inttoptr i64 %".94" to ptr
  %".96" = getelementptr float, ptr %".95", i64 %".81"
  %".97" = load <16 x float>, ptr %".96", align 4
  %".108" = inttoptr i64 %".107" to ptr
  %".109" = getelementptr float, ptr %".108", i64 %".81"
  %".110" = load <16 x float>, ptr %".109", align 4
  %".111" = fadd <16 x float> %".97", %".110"
  %".122" = inttoptr i64 %".121" to ptr
  %".123" = getelementptr float, ptr %".122", i64 %".81"
  %".124" = load <16 x float>, ptr %".123", align 4
  %".125" = fmul <16 x float> %".124", %".124"
  %".126" = fsub <16 x float> <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>, %".125"
  %".127" = fmul <16 x float> %".111", %".126"
  %".128" = inttoptr i64 %".79" to ptr
  %".129" = getelementptr float, ptr %".128", i64 %".81"
  store <16 x float> %".127", ptr %".129", align 4
  br label %"head.2"
after.2:
  br label %"head.3"
head.3:
  %".133" = phi  i64 [%".81", %"after.2"], [%".134", %"body.3"]
  %".134" = add i64 %".133", 8
  %".135" = icmp sle i64 %".134", %".64"
  br i1 %".135", label %"body.3", label %"after.3"
body.3:
  %".137" = inttoptr i64 %".94" to ptr
  %".138" = getelementptr float, ptr %".137", i64 %".133"
  %".139" = load <8 x float>, ptr %".138", align 4
  %".140" = inttoptr i64 %".107" to ptr
  %".141" = getelementptr float, ptr %".140", i64 %".133"
  %".142" = load <8 x float>, ptr %".141", align 4
  %".143" = fadd <8 x float> %".139", %".142"
  %".144" = inttoptr i64 %".121" to ptr
  %".145" = getelementptr float, ptr %".144", i64 %".133"
  %".146" = load <8 x float>, ptr %".145", align 4
  %".147" = fmul <8 x float> %".146", %".146"
  %".148" = fsub <8 x float> <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>, %".147"
  %".149" = fmul <8 x float> %".143", %".148"
  %".150" = inttoptr i64 %".79" to ptr
  %".151" = getelementptr float, ptr %".150", i64 %".133"
  store <8 x float> %".149", ptr %".151", align 4
  br label %"head.3"
after.3:
  %".154" = sub i64 %".64", %".133"
  %".155" = icmp sgt i64 %".154", 0
  br i1 %".155", label %"after.3.if", label %"after.3.endif"
after.3.if:
  %".157" = trunc i64 %".154" to i32
  %".158" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".157", i32 0
  %".159" = shufflevector <8 x i32> %".158", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".160" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".159"
  %".161" = inttoptr i64 %".94" to ptr
  %".162" = getelementptr float, ptr %".161", i64 %".133"
  %".163" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".162", i32 4, <8 x i1> %".160", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".164" = inttoptr i64 %".107" to ptr
  %".165" = getelementptr float, ptr %".164", i64 %".133"
  %".166" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".165", i32 4, <8 x i1> %".160", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".167" = fadd <8 x float> %".163", %".166"
  %".168" = inttoptr i64 %".121" to ptr
  %".169" = getelementptr float, ptr %".168", i64 %".133"
  %".170" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".169", i32 4, <8 x i1> %".160", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".171" = fmul <8 x float> %".170", %".170"
  %".172" = fsub <8 x float> <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>, %".171"
  %".173" = fmul <8 x float> %".167", %".172"
  %".174" = inttoptr i64 %".79" to ptr
  %".175" = getelementptr float, ptr %".174", i64 %".133"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".173", ptr %".175", i32 4, <8 x i1> %".160")
  br label %"after.3.endif"
after.3.endif:
  br label %"head.1"
after.1.if:
  br label %"head.4"
after.1.else:
  br label %"head.10"
after.1.endif:
  br label %"head.15"
head.4:
  %".215" = phi  i64 [0, %"after.1.if"], [%".216", %"after.6"]
  %".216" = add i64 %".215", 2
  %".217" = icmp sle i64 %".216", %".181"
  br i1 %".217", label %"body.4", label %"after.4"
body.4:
  %".219" = mul i64 %".215", %".211"
  %".220" = add i64 %".209", %".219"
  %".221" = mul i64 %".215", 64
  %".222" = add i64 %".204", %".221"
  %".223" = srem i64 %".206", 2
  %".224" = icmp eq i64 %".223", 0
  %".225" = icmp sgt i64 %".206", 2
  %".226" = and i1 %".224", %".225"
  br label %"head.5"
after.4:
  br label %"head.7"
head.5:
  %".228" = phi  i64 [0, %"body.4"], [%".229", %"body.5"]
  %".229" = add i64 %".228", 2
  %".230" = icmp sle i64 %".229", %".206"
  br i1 %".230", label %"body.5", label %"after.5"
body.5:
  %".232" = mul i64 %".76", 4
  %".233" = mul i64 %".228", %".232"
  %".234" = add i64 %".185", %".233"
  %".235" = mul i64 %".76", 4
  %".236" = mul i64 %".228", %".205"
  %".237" = add i64 %".222", %".236"
  call void @"tile_2x2_1"(i64 %".234", i64 %".235", i64 %".64", i64 %".220", i64 %".211", i64 %".237", i64 %".205")
  br label %"head.5"
after.5:
  br label %"head.6"
head.6:
  %".241" = phi  i64 [%".228", %"after.5"], [%".242", %"body.6"]
  %".242" = add i64 %".241", 1
  %".243" = icmp sle i64 %".242", %".206"
  br i1 %".243", label %"body.6", label %"after.6"
body.6:
  %".245" = mul i64 %".76", 4
  %".246" = mul i64 %".241", %".245"
  %".247" = add i64 %".185", %".246"
  %".248" = mul i64 %".76", 4
  %".249" = mul i64 %".241", %".205"
  %".250" = add i64 %".222", %".249"
  call void @"tile_1x2_1"(i64 %".247", i64 %".248", i64 %".64", i64 %".220", i64 %".211", i64 %".250", i64 %".205")
  br label %"head.6"
after.6:
  br label %"head.4"
head.7:
  %".255" = phi  i64 [%".215", %"after.4"], [%".256", %"after.9"]
  %".256" = add i64 %".255", 1
  %".257" = icmp sle i64 %".256", %".181"
  br i1 %".257", label %"body.7", label %"after.7"
body.7:
  %".259" = mul i64 %".255", %".211"
  %".260" = add i64 %".209", %".259"
  %".261" = mul i64 %".255", 64
  %".262" = add i64 %".204", %".261"
  %".263" = srem i64 %".206", 2
  %".264" = icmp eq i64 %".263", 0
  %".265" = icmp sgt i64 %".206", 2
  %".266" = and i1 %".264", %".265"
  br label %"head.8"
after.7:
  br label %"after.1.endif"
head.8:
  %".268" = phi  i64 [0, %"body.7"], [%".269", %"body.8"]
  %".269" = add i64 %".268", 2
  %".270" = icmp sle i64 %".269", %".206"
  br i1 %".270", label %"body.8", label %"after.8"
body.8:
  %".272" = mul i64 %".76", 4
  %".273" = mul i64 %".268", %".272"
  %".274" = add i64 %".185", %".273"
  %".275" = mul i64 %".76", 4
  %".276" = mul i64 %".268", %".205"
  %".277" = add i64 %".262", %".276"
  call void @"tile_2x1_1"(i64 %".274", i64 %".275", i64 %".64", i64 %".260", i64 %".211", i64 %".277", i64 %".205")
  br label %"head.8"
after.8:
  br label %"head.9"
head.9:
  %".281" = phi  i64 [%".268", %"after.8"], [%".282", %"body.9"]
  %".282" = add i64 %".281", 1
  %".283" = icmp sle i64 %".282", %".206"
  br i1 %".283", label %"body.9", label %"after.9"
body.9:
  %".285" = mul i64 %".76", 4
  %".286" = mul i64 %".281", %".285"
  %".287" = add i64 %".185", %".286"
  %".288" = mul i64 %".76", 4
  %".289" = mul i64 %".281", %".205"
  %".290" = add i64 %".262", %".289"
  call void @"tile_1x1_1"(i64 %".287", i64 %".288", i64 %".64", i64 %".260", i64 %".211", i64 %".290", i64 %".205")
  br label %"head.9"
after.9:
  br label %"head.7"
head.10:
  %".296" = phi  i64 [0, %"after.1.else"], [%".297", %"after.14"]
  %".297" = add i64 %".296", 1
  %".298" = icmp sle i64 %".297", %".181"
  br i1 %".298", label %"body.10", label %"after.10"
body.10:
  %".300" = mul i64 %".296", %".211"
  %".301" = add i64 %".209", %".300"
  %".302" = mul i64 %".296", 64
  %".303" = add i64 %".204", %".302"
  %".304" = srem i64 %".206", 6
  %".305" = icmp eq i64 %".304", 2
  %".306" = icmp sgt i64 %".206", 6
  %".307" = and i1 %".305", %".306"
  %".308" = sub i64 %".206", 8
  %".309" = select  i1 %".307", i64 %".308", i64 %".206"
  br label %"head.11"
after.10:
  br label %"after.1.endif"
head.11:
  %".311" = phi  i64 [0, %"body.10"], [%".312", %"body.11"]
  %".312" = add i64 %".311", 6
  %".313" = icmp sle i64 %".312", %".309"
  br i1 %".313", label %"body.11", label %"after.11"
body.11:
  %".315" = mul i64 %".76", 4
  %".316" = mul i64 %".311", %".315"
  %".317" = add i64 %".185", %".316"
  %".318" = mul i64 %".76", 4
  %".319" = mul i64 %".311", %".205"
  %".320" = add i64 %".303", %".319"
  call void @"tile_6x1_1"(i64 %".317", i64 %".318", i64 %".64", i64 %".301", i64 %".211", i64 %".320", i64 %".205")
  br label %"head.11"
after.11:
  br label %"head.12"
head.12:
  %".324" = phi  i64 [%".311", %"after.11"], [%".325", %"body.12"]
  %".325" = add i64 %".324", 4
  %".326" = icmp sle i64 %".325", %".206"
  br i1 %".326", label %"body.12", label %"after.12"
body.12:
  %".328" = mul i64 %".76", 4
  %".329" = mul i64 %".324", %".328"
  %".330" = add i64 %".185", %".329"
  %".331" = mul i64 %".76", 4
  %".332" = mul i64 %".324", %".205"
  %".333" = add i64 %".303", %".332"
  call void @"tile_4x1_1"(i64 %".330", i64 %".331", i64 %".64", i64 %".301", i64 %".211", i64 %".333", i64 %".205")
  br label %"head.12"
after.12:
  br label %"head.13"
head.13:
  %".337" = phi  i64 [%".324", %"after.12"], [%".338", %"body.13"]
  %".338" = add i64 %".337", 2
  %".339" = icmp sle i64 %".338", %".206"
  br i1 %".339", label %"body.13", label %"after.13"
body.13:
  %".341" = mul i64 %".76", 4
  %".342" = mul i64 %".337", %".341"
  %".343" = add i64 %".185", %".342"
  %".344" = mul i64 %".76", 4
  %".345" = mul i64 %".337", %".205"
  %".346" = add i64 %".303", %".345"
  call void @"tile_2x1_1"(i64 %".343", i64 %".344", i64 %".64", i64 %".301", i64 %".211", i64 %".346", i64 %".205")
  br label %"head.13"
after.13:
  br label %"head.14"
head.14:
  %".350" = phi  i64 [%".337", %"after.13"], [%".351", %"body.14"]
  %".351" = add i64 %".350", 1
  %".352" = icmp sle i64 %".351", %".206"
  br i1 %".352", label %"body.14", label %"after.14"
body.14:
  %".354" = mul i64 %".76", 4
  %".355" = mul i64 %".350", %".354"
  %".356" = add i64 %".185", %".355"
  %".357" = mul i64 %".76", 4
  %".358" = mul i64 %".350", %".205"
  %".359" = add i64 %".303", %".358"
  call void @"tile_1x1_1"(i64 %".356", i64 %".357", i64 %".64", i64 %".301", i64 %".211", i64 %".359", i64 %".205")
  br label %"head.14"
after.14:
  br label %"head.10"
head.15:
  %".365" = phi  i64 [%".17", %"after.1.endif"], [%".366", %"after.17.endif"]
  %".366" = add i64 %".365", 1
  %".367" = icmp sle i64 %".366", %".47"
  br i1 %".367", label %"body.15", label %"after.15"
body.15:
  %".369" = add i64 %".56", %".365"
  %".370" = mul i64 %".104", 4
  %".371" = mul i64 %".369", %".370"
  %".372" = add i64 %".101", %".371"
  %".379" = mul i64 %".378", 4
  %".380" = mul i64 %".365", %".379"
  %".381" = add i64 %".375", %".380"
  %".382" = icmp slt i64 %".365", %".59"
  %".383" = select  i1 %".382", i64 %".372", i64 %".381"
  %".389" = sub i64 %".365", %".17"
  %".390" = mul i64 %".2", %".195"
  %".391" = add i64 %".192", %".390"
  %".392" = add i64 %".189", %".391"
  %".393" = mul i64 %".201", 4
  %".394" = mul i64 %".389", %".393"
  %".395" = add i64 %".392", %".394"
  br label %"head.16"
after.15:
  br label %"body.endif"
head.16:
  %".385" = phi  i64 [0, %"body.15"], [%".386", %"body.16"]
  %".386" = add i64 %".385", 16
  %".387" = icmp sle i64 %".386", %".64"
  br i1 %".387", label %"body.16", label %"after.16"
body.16:
  %".396" = inttoptr i64 %".395" to ptr
  %".397" = getelementptr float, ptr %".396", i64 %".385"
  %".398" = load <16 x float>, ptr %".397", align 4
  %".399" = inttoptr i64 %".383" to ptr
  %".400" = getelementptr float, ptr %".399", i64 %".385"
  store <16 x float> %".398", ptr %".400", align 4
  br label %"head.16"
after.16:
  br label %"head.17"
head.17:
  %".404" = phi  i64 [%".385", %"after.16"], [%".405", %"body.17"]
  %".405" = add i64 %".404", 8
  %".406" = icmp sle i64 %".405", %".64"
  br i1 %".406", label %"body.17", label %"after.17"
body.17:
  %".408" = inttoptr i64 %".395" to ptr
  %".409" = getelementptr float, ptr %".408", i64 %".404"
  %".410" = load <8 x float>, ptr %".409", align 4
  %".411" = inttoptr i64 %".383" to ptr
  %".412" = getelementptr float, ptr %".411", i64 %".404"
  store <8 x float> %".410", ptr %".412", align 4
  br label %"head.17"
after.17:
  %".415" = sub i64 %".64", %".404"
  %".416" = icmp sgt i64 %".415", 0
  br i1 %".416", label %"after.17.if", label %"after.17.endif"
after.17.if:
  %".418" = trunc i64 %".415" to i32
  %".419" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".418", i32 0
  %".420" = shufflevector <8 x i32> %".419", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".421" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".420"
  %".422" = inttoptr i64 %".395" to ptr
  %".423" = getelementptr float, ptr %".422", i64 %".404"
  %".424" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".423", i32 4, <8 x i1> %".421", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".425" = inttoptr i64 %".383" to ptr
  %".426" = getelementptr float, ptr %".425", i64 %".404"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".424", ptr %".426", i32 4, <8 x i1> %".421")
  br label %"after.17.endif"
after.17.endif:
  br label %"head.15"
}

declare void @"llvm.x86.sse.stmxcsr"(ptr %".1")

declare void @"llvm.x86.sse.ldmxcsr"(ptr %".1")

declare <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".1", i32 %".2", <8 x i1> %".3", <8 x float> %".4")

declare void @"llvm.masked.store.v8f32.p0"(<8 x float> %".1", ptr %".2", i32 %".3", <8 x i1> %".4")

define internal void @"tile_2x2_1"(i64 %".1", i64 %".2", i64 %".3", i64 %".4", i64 %".5", i64 %".6", i64 %".7") noinline
{
entry:
  %".9" = mul i64 %".5", 0
  %".10" = add i64 %".4", %".9"
  %".11" = add i64 %".10", 0
  %".12" = inttoptr i64 %".11" to ptr
  %".13" = load <8 x float>, ptr %".12", align 4
  %".14" = mul i64 %".5", 0
  %".15" = add i64 %".4", %".14"
  %".16" = add i64 %".15", 32
  %".17" = inttoptr i64 %".16" to ptr
  %".18" = load <8 x float>, ptr %".17", align 4
  %".19" = mul i64 %".5", 1
  %".20" = add i64 %".4", %".19"
  %".21" = add i64 %".20", 0
  %".22" = inttoptr i64 %".21" to ptr
  %".23" = load <8 x float>, ptr %".22", align 4
  %".24" = mul i64 %".5", 1
  %".25" = add i64 %".4", %".24"
  %".26" = add i64 %".25", 32
  %".27" = inttoptr i64 %".26" to ptr
  %".28" = load <8 x float>, ptr %".27", align 4
  %".29" = add i64 %".4", 64
  br label %"head"
head:
  %".31" = phi  i64 [0, %"entry"], [%".86", %"body"]
  %".32" = phi  i64 [%".29", %"entry"], [%".85", %"body"]
  %".33" = phi  <8 x float> [%".13", %"entry"], [%".70", %"body"]
  %".34" = phi  <8 x float> [%".18", %"entry"], [%".71", %"body"]
  %".35" = phi  <8 x float> [%".23", %"entry"], [%".72", %"body"]
  %".36" = phi  <8 x float> [%".28", %"entry"], [%".73", %"body"]
  %".37" = phi  <8 x float> [%".13", %"entry"], [%".81", %"body"]
  %".38" = phi  <8 x float> [%".18", %"entry"], [%".82", %"body"]
  %".39" = phi  <8 x float> [%".23", %"entry"], [%".83", %"body"]
  %".40" = phi  <8 x float> [%".28", %"entry"], [%".84", %"body"]
  %".41" = icmp slt i64 %".31", %".3"
  br i1 %".41", label %"body", label %"after"
body:
  %".43" = mul i64 %".5", 0
  %".44" = add i64 %".32", %".43"
  %".45" = add i64 %".44", 0
  %".46" = inttoptr i64 %".45" to ptr
  %".47" = load <8 x float>, ptr %".46", align 4
  %".48" = mul i64 %".5", 0
  %".49" = add i64 %".32", %".48"
  %".50" = add i64 %".49", 32
  %".51" = inttoptr i64 %".50" to ptr
  %".52" = load <8 x float>, ptr %".51", align 4
  %".53" = mul i64 %".5", 1
  %".54" = add i64 %".32", %".53"
  %".55" = add i64 %".54", 0
  %".56" = inttoptr i64 %".55" to ptr
  %".57" = load <8 x float>, ptr %".56", align 4
  %".58" = mul i64 %".5", 1
  %".59" = add i64 %".32", %".58"
  %".60" = add i64 %".59", 32
  %".61" = inttoptr i64 %".60" to ptr
  %".62" = load <8 x float>, ptr %".61", align 4
  %".63" = mul i64 %".2", 0
  %".64" = add i64 %".1", %".63"
  %".65" = inttoptr i64 %".64" to ptr
  %".66" = getelementptr float, ptr %".65", i64 %".31"
  %".67" = load float, ptr %".66"
  %".68" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".67", i32 0
  %".69" = shufflevector <8 x float> %".68", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".70" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".69", <8 x float> %".47", <8 x float> %".33")
  %".71" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".69", <8 x float> %".52", <8 x float> %".34")
  %".72" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".69", <8 x float> %".57", <8 x float> %".35")
  %".73" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".69", <8 x float> %".62", <8 x float> %".36")
  %".74" = mul i64 %".2", 1
  %".75" = add i64 %".1", %".74"
  %".76" = inttoptr i64 %".75" to ptr
  %".77" = getelementptr float, ptr %".76", i64 %".31"
  %".78" = load float, ptr %".77"
  %".79" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".78", i32 0
  %".80" = shufflevector <8 x float> %".79", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".81" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".80", <8 x float> %".47", <8 x float> %".37")
  %".82" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".80", <8 x float> %".52", <8 x float> %".38")
  %".83" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".80", <8 x float> %".57", <8 x float> %".39")
  %".84" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".80", <8 x float> %".62", <8 x float> %".40")
  %".85" = add i64 %".32", 64
  %".86" = add i64 %".31", 1
  br label %"head"
after:
  %".88" = mul i64 %".7", 0
  %".89" = add i64 %".6", %".88"
  %".90" = add i64 %".89", 0
  %".91" = inttoptr i64 %".90" to ptr
  store <8 x float> %".33", ptr %".91", align 4
  %".93" = mul i64 %".7", 0
  %".94" = add i64 %".6", %".93"
  %".95" = add i64 %".94", 32
  %".96" = inttoptr i64 %".95" to ptr
  store <8 x float> %".34", ptr %".96", align 4
  %".98" = mul i64 %".7", 0
  %".99" = add i64 %".6", %".98"
  %".100" = add i64 %".99", 64
  %".101" = inttoptr i64 %".100" to ptr
  store <8 x float> %".35", ptr %".101", align 4
  %".103" = mul i64 %".7", 0
  %".104" = add i64 %".6", %".103"
  %".105" = add i64 %".104", 96
  %".106" = inttoptr i64 %".105" to ptr
  store <8 x float> %".36", ptr %".106", align 4
  %".108" = mul i64 %".7", 1
  %".109" = add i64 %".6", %".108"
  %".110" = add i64 %".109", 0
  %".111" = inttoptr i64 %".110" to ptr
  store <8 x float> %".37", ptr %".111", align 4
  %".113" = mul i64 %".7", 1
  %".114" = add i64 %".6", %".113"
  %".115" = add i64 %".114", 32
  %".116" = inttoptr i64 %".115" to ptr
  store <8 x float> %".38", ptr %".116", align 4
  %".118" = mul i64 %".7", 1
  %".119" = add i64 %".6", %".118"
  %".120" = add i64 %".119", 64
  %".121" = inttoptr i64 %".120" to ptr
  store <8 x float> %".39", ptr %".121", align 4
  %".123" = mul i64 %".7", 1
  %".124" = add i64 %".6", %".123"
  %".125" = add i64 %".124", 96
  %".126" = inttoptr i64 %".125" to ptr
  store <8 x float> %".40", ptr %".126", align 4
  ret void
}

declare <8 x float> @"llvm.fma.v8f32"(<8 x float> %".1", <8 x float> %".2", <8 x float> %".3")

define internal void @"tile_1x2_1"(i64 %".1", i64 %".2", i64 %".3", i64 %".4", i64 %".5", i64 %".6", i64 %".7") noinline
{
entry:
  %".9" = mul i64 %".5", 0
  %".10" = add i64 %".4", %".9"
  %".11" = add i64 %".10", 0
  %".12" = inttoptr i64 %".11" to ptr
  %".13" = load <8 x float>, ptr %".12", align 4
  %".14" = mul i64 %".5", 0
  %".15" = add i64 %".4", %".14"
  %".16" = add i64 %".15", 32
  %".17" = inttoptr i64 %".16" to ptr
  %".18" = load <8 x float>, ptr %".17", align 4
  %".19" = mul i64 %".5", 1
  %".20" = add i64 %".4", %".19"
  %".21" = add i64 %".20", 0
  %".22" = inttoptr i64 %".21" to ptr
  %".23" = load <8 x float>, ptr %".22", align 4
  %".24" = mul i64 %".5", 1
  %".25" = add i64 %".4", %".24"
  %".26" = add i64 %".25", 32
  %".27" = inttoptr i64 %".26" to ptr
  %".28" = load <8 x float>, ptr %".27", align 4
  %".29" = add i64 %".4", 64
  br label %"head"
head:
  %".31" = phi  i64 [0, %"entry"], [%".71", %"body"]
  %".32" = phi  i64 [%".29", %"entry"], [%".70", %"body"]
  %".33" = phi  <8 x float> [%".13", %"entry"], [%".66", %"body"]
  %".34" = phi  <8 x float> [%".18", %"entry"], [%".67", %"body"]
  %".35" = phi  <8 x float> [%".23", %"entry"], [%".68", %"body"]
  %".36" = phi  <8 x float> [%".28", %"entry"], [%".69", %"body"]
  %".37" = icmp slt i64 %".31", %".3"
  br i1 %".37", label %"body", label %"after"
body:
  %".39" = mul i64 %".5", 0
  %".40" = add i64 %".32", %".39"
  %".41" = add i64 %".40", 0
  %".42" = inttoptr i64 %".41" to ptr
  %".43" = load <8 x float>, ptr %".42", align 4
  %".44" = mul i64 %".5", 0
  %".45" = add i64 %".32", %".44"
  %".46" = add i64 %".45", 32
  %".47" = inttoptr i64 %".46" to ptr
  %".48" = load <8 x float>, ptr %".47", align 4
  %".49" = mul i64 %".5", 1
  %".50" = add i64 %".32", %".49"
  %".51" = add i64 %".50", 0
  %".52" = inttoptr i64 %".51" to ptr
  %".53" = load <8 x float>, ptr %".52", align 4
  %".54" = mul i64 %".5", 1
  %".55" = add i64 %".32", %".54"
  %".56" = add i64 %".55", 32
  %".57" = inttoptr i64 %".56" to ptr
  %".58" = load <8 x float>, ptr %".57", align 4
  %".59" = mul i64 %".2", 0
  %".60" = add i64 %".1", %".59"
  %".61" = inttoptr i64 %".60" to ptr
  %".62" = getelementptr float, ptr %".61", i64 %".31"
  %".63" = load float, ptr %".62"
  %".64" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".63", i32 0
  %".65" = shufflevector <8 x float> %".64", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".66" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".65", <8 x float> %".43", <8 x float> %".33")
  %".67" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".65", <8 x float> %".48", <8 x float> %".34")
  %".68" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".65", <8 x float> %".53", <8 x float> %".35")
  %".69" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".65", <8 x float> %".58", <8 x float> %".36")
  %".70" = add i64 %".32", 64
  %".71" = add i64 %".31", 1
  br label %"head"
after:
  %".73" = mul i64 %".7", 0
  %".74" = add i64 %".6", %".73"
  %".75" = add i64 %".74", 0
  %".76" = inttoptr i64 %".75" to ptr
  store <8 x float> %".33", ptr %".76", align 4
  %".78" = mul i64 %".7", 0
  %".79" = add i64 %".6", %".78"
  %".80" = add i64 %".79", 32
  %".81" = inttoptr i64 %".80" to ptr
  store <8 x float> %".34", ptr %".81", align 4
  %".83" = mul i64 %".7", 0
  %".84" = add i64 %".6", %".83"
  %".85" = add i64 %".84", 64
  %".86" = inttoptr i64 %".85" to ptr
  store <8 x float> %".35", ptr %".86", align 4
  %".88" = mul i64 %".7", 0
  %".89" = add i64 %".6", %".88"
  %".90" = add i64 %".89", 96
  %".91" = inttoptr i64 %".90" to ptr
  store <8 x float> %".36", ptr %".91", align 4
  ret void
}

define internal void @"tile_2x1_1"(i64 %".1", i64 %".2", i64 %".3", i64 %".4", i64 %".5", i64 %".6", i64 %".7") noinline
{
entry:
  %".9" = mul i64 %".5", 0
  %".10" = add i64 %".4", %".9"
  %".11" = add i64 %".10", 0
  %".12" = inttoptr i64 %".11" to ptr
  %".13" = load <8 x float>, ptr %".12", align 4
  %".14" = mul i64 %".5", 0
  %".15" = add i64 %".4", %".14"
  %".16" = add i64 %".15", 32
  %".17" = inttoptr i64 %".16" to ptr
  %".18" = load <8 x float>, ptr %".17", align 4
  %".19" = add i64 %".4", 64
  br label %"head"
head:
  %".21" = phi  i64 [0, %"entry"], [%".58", %"body"]
  %".22" = phi  i64 [%".19", %"entry"], [%".57", %"body"]
  %".23" = phi  <8 x float> [%".13", %"entry"], [%".46", %"body"]
  %".24" = phi  <8 x float> [%".18", %"entry"], [%".47", %"body"]
  %".25" = phi  <8 x float> [%".13", %"entry"], [%".55", %"body"]
  %".26" = phi  <8 x float> [%".18", %"entry"], [%".56", %"body"]
  %".27" = icmp slt i64 %".21", %".3"
  br i1 %".27", label %"body", label %"after"
body:
  %".29" = mul i64 %".5", 0
  %".30" = add i64 %".22", %".29"
  %".31" = add i64 %".30", 0
  %".32" = inttoptr i64 %".31" to ptr
  %".33" = load <8 x float>, ptr %".32", align 4
  %".34" = mul i64 %".5", 0
  %".35" = add i64 %".22", %".34"
  %".36" = add i64 %".35", 32
  %".37" = inttoptr i64 %".36" to ptr
  %".38" = load <8 x float>, ptr %".37", align 4
  %".39" = mul i64 %".2", 0
  %".40" = add i64 %".1", %".39"
  %".41" = inttoptr i64 %".40" to ptr
  %".42" = getelementptr float, ptr %".41", i64 %".21"
  %".43" = load float, ptr %".42"
  %".44" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".43", i32 0
  %".45" = shufflevector <8 x float> %".44", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".46" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".45", <8 x float> %".33", <8 x float> %".23")
  %".47" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".45", <8 x float> %".38", <8 x float> %".24")
  %".48" = mul i64 %".2", 1
  %".49" = add i64 %".1", %".48"
  %".50" = inttoptr i64 %".49" to ptr
  %".51" = getelementptr float, ptr %".50", i64 %".21"
  %".52" = load float, ptr %".51"
  %".53" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".52", i32 0
  %".54" = shufflevector <8 x float> %".53", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".55" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".54", <8 x float> %".33", <8 x float> %".25")
  %".56" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".54", <8 x float> %".38", <8 x float> %".26")
  %".57" = add i64 %".22", 64
  %".58" = add i64 %".21", 1
  br label %"head"
after:
  %".60" = mul i64 %".7", 0
  %".61" = add i64 %".6", %".60"
  %".62" = add i64 %".61", 0
  %".63" = inttoptr i64 %".62" to ptr
  store <8 x float> %".23", ptr %".63", align 4
  %".65" = mul i64 %".7", 0
  %".66" = add i64 %".6", %".65"
  %".67" = add i64 %".66", 32
  %".68" = inttoptr i64 %".67" to ptr
  store <8 x float> %".24", ptr %".68", align 4
  %".70" = mul i64 %".7", 1
  %".71" = add i64 %".6", %".70"
  %".72" = add i64 %".71", 0
  %".73" = inttoptr i64 %".72" to ptr
  store <8 x float> %".25", ptr %".73", align 4
  %".75" = mul i64 %".7", 1
  %".76" = add i64 %".6", %".75"
  %".77" = add i64 %".76", 32
  %".78" = inttoptr i64 %".77" to ptr
  store <8 x float> %".26", ptr %".78", align 4
  ret void
}

define internal void @"tile_1x1_1"(i64 %".1", i64 %".2", i64 %".3", i64 %".4", i64 %".5", i64 %".6", i64 %".7") noinline
{
entry:
  %".9" = mul i64 %".5", 0
  %".10" = add i64 %".4", %".9"
  %".11" = add i64 %".10", 0
  %".12" = inttoptr i64 %".11" to ptr
  %".13" = load <8 x float>, ptr %".12", align 4
  %".14" = mul i64 %".5", 0
  %".15" = add i64 %".4", %".14"
  %".16" = add i64 %".15", 32
  %".17" = inttoptr i64 %".16" to ptr
  %".18" = load <8 x float>, ptr %".17", align 4
  %".19" = add i64 %".4", 64
  br label %"head"
head:
  %".21" = phi  i64 [0, %"entry"], [%".47", %"body"]
  %".22" = phi  i64 [%".19", %"entry"], [%".46", %"body"]
  %".23" = phi  <8 x float> [%".13", %"entry"], [%".44", %"body"]
  %".24" = phi  <8 x float> [%".18", %"entry"], [%".45", %"body"]
  %".25" = icmp slt i64 %".21", %".3"
  br i1 %".25", label %"body", label %"after"
body:
  %".27" = mul i64 %".5", 0
  %".28" = add i64 %".22", %".27"
  %".29" = add i64 %".28", 0
  %".30" = inttoptr i64 %".29" to ptr
  %".31" = load <8 x float>, ptr %".30", align 4
  %".32" = mul i64 %".5", 0
  %".33" = add i64 %".22", %".32"
  %".34" = add i64 %".33", 32
  %".35" = inttoptr i64 %".34" to ptr
  %".36" = load <8 x float>, ptr %".35", align 4
  %".37" = mul i64 %".2", 0
  %".38" = add i64 %".1", %".37"
  %".39" = inttoptr i64 %".38" to ptr
  %".40" = getelementptr float, ptr %".39", i64 %".21"
  %".41" = load float, ptr %".40"
  %".42" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".41", i32 0
  %".43" = shufflevector <8 x float> %".42", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".44" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".43", <8 x float> %".31", <8 x float> %".23")
  %".45" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".43", <8 x float> %".36", <8 x float> %".24")
  %".46" = add i64 %".22", 64
  %".47" = add i64 %".21", 1
  br label %"head"
after:
  %".49" = mul i64 %".7", 0
  %".50" = add i64 %".6", %".49"
  %".51" = add i64 %".50", 0
  %".52" = inttoptr i64 %".51" to ptr
  store <8 x float> %".23", ptr %".52", align 4
  %".54" = mul i64 %".7", 0
  %".55" = add i64 %".6", %".54"
  %".56" = add i64 %".55", 32
  %".57" = inttoptr i64 %".56" to ptr
  store <8 x float> %".24", ptr %".57", align 4
  ret void
}

define internal void @"tile_6x1_1"(i64 %".1", i64 %".2", i64 %".3", i64 %".4", i64 %".5", i64 %".6", i64 %".7") noinline
{
entry:
  %".9" = mul i64 %".5", 0
  %".10" = add i64 %".4", %".9"
  %".11" = add i64 %".10", 0
  %".12" = inttoptr i64 %".11" to ptr
  %".13" = load <8 x float>, ptr %".12", align 4
  %".14" = mul i64 %".5", 0
  %".15" = add i64 %".4", %".14"
  %".16" = add i64 %".15", 32
  %".17" = inttoptr i64 %".16" to ptr
  %".18" = load <8 x float>, ptr %".17", align 4
  %".19" = add i64 %".4", 64
  br label %"head"
head:
  %".21" = phi  i64 [0, %"entry"], [%".102", %"body"]
  %".22" = phi  i64 [%".19", %"entry"], [%".101", %"body"]
  %".23" = phi  <8 x float> [%".13", %"entry"], [%".54", %"body"]
  %".24" = phi  <8 x float> [%".18", %"entry"], [%".55", %"body"]
  %".25" = phi  <8 x float> [%".13", %"entry"], [%".63", %"body"]
  %".26" = phi  <8 x float> [%".18", %"entry"], [%".64", %"body"]
  %".27" = phi  <8 x float> [%".13", %"entry"], [%".72", %"body"]
  %".28" = phi  <8 x float> [%".18", %"entry"], [%".73", %"body"]
  %".29" = phi  <8 x float> [%".13", %"entry"], [%".81", %"body"]
  %".30" = phi  <8 x float> [%".18", %"entry"], [%".82", %"body"]
  %".31" = phi  <8 x float> [%".13", %"entry"], [%".90", %"body"]
  %".32" = phi  <8 x float> [%".18", %"entry"], [%".91", %"body"]
  %".33" = phi  <8 x float> [%".13", %"entry"], [%".99", %"body"]
  %".34" = phi  <8 x float> [%".18", %"entry"], [%".100", %"body"]
  %".35" = icmp slt i64 %".21", %".3"
  br i1 %".35", label %"body", label %"after"
body:
  %".37" = mul i64 %".5", 0
  %".38" = add i64 %".22", %".37"
  %".39" = add i64 %".38", 0
  %".40" = inttoptr i64 %".39" to ptr
  %".41" = load <8 x float>, ptr %".40", align 4
  %".42" = mul i64 %".5", 0
  %".43" = add i64 %".22", %".42"
  %".44" = add i64 %".43", 32
  %".45" = inttoptr i64 %".44" to ptr
  %".46" = load <8 x float>, ptr %".45", align 4
  %".47" = mul i64 %".2", 0
  %".48" = add i64 %".1", %".47"
  %".49" = inttoptr i64 %".48" to ptr
  %".50" = getelementptr float, ptr %".49", i64 %".21"
  %".51" = load float, ptr %".50"
  %".52" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".51", i32 0
  %".53" = shufflevector <8 x float> %".52", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".54" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".53", <8 x float> %".41", <8 x float> %".23")
  %".55" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".53", <8 x float> %".46", <8 x float> %".24")
  %".56" = mul i64 %".2", 1
  %".57" = add i64 %".1", %".56"
  %".58" = inttoptr i64 %".57" to ptr
  %".59" = getelementptr float, ptr %".58", i64 %".21"
  %".60" = load float, ptr %".59"
  %".61" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".60", i32 0
  %".62" = shufflevector <8 x float> %".61", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".63" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".62", <8 x float> %".41", <8 x float> %".25")
  %".64" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".62", <8 x float> %".46", <8 x float> %".26")
  %".65" = mul i64 %".2", 2
  %".66" = add i64 %".1", %".65"
  %".67" = inttoptr i64 %".66" to ptr
  %".68" = getelementptr float, ptr %".67", i64 %".21"
  %".69" = load float, ptr %".68"
  %".70" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".69", i32 0
  %".71" = shufflevector <8 x float> %".70", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".72" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".71", <8 x float> %".41", <8 x float> %".27")
  %".73" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".71", <8 x float> %".46", <8 x float> %".28")
  %".74" = mul i64 %".2", 3
  %".75" = add i64 %".1", %".74"
  %".76" = inttoptr i64 %".75" to ptr
  %".77" = getelementptr float, ptr %".76", i64 %".21"
  %".78" = load float, ptr %".77"
  %".79" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".78", i32 0
  %".80" = shufflevector <8 x float> %".79", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".81" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".80", <8 x float> %".41", <8 x float> %".29")
  %".82" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".80", <8 x float> %".46", <8 x float> %".30")
  %".83" = mul i64 %".2", 4
  %".84" = add i64 %".1", %".83"
  %".85" = inttoptr i64 %".84" to ptr
  %".86" = getelementptr float, ptr %".85", i64 %".21"
  %".87" = load float, ptr %".86"
  %".88" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".87", i32 0
  %".89" = shufflevector <8 x float> %".88", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".90" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".89", <8 x float> %".41", <8 x float> %".31")
  %".91" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".89", <8 x float> %".46", <8 x float> %".32")
  %".92" = mul i64 %".2", 5
  %".93" = add i64 %".1", %".92"
  %".94" = inttoptr i64 %".93" to ptr
  %".95" = getelementptr float, ptr %".94", i64 %".21"
  %".96" = load float, ptr %".95"
  %".97" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".96", i32 0
  %".98" = shufflevector <8 x float> %".97", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".99" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".98", <8 x float> %".41", <8 x float> %".33")
  %".100" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".98", <8 x float> %".46", <8 x float> %".34")
  %".101" = add i64 %".22", 64
  %".102" = add i64 %".21", 1
  br label %"head"
after:
  %".104" = mul i64 %".7", 0
  %".105" = add i64 %".6", %".104"
  %".106" = add i64 %".105", 0
  %".107" = inttoptr i64 %".106" to ptr
  store <8 x float> %".23", ptr %".107", align 4
  %".109" = mul i64 %".7", 0
  %".110" = add i64 %".6", %".109"
  %".111" = add i64 %".110", 32
  %".112" = inttoptr i64 %".111" to ptr
  store <8 x float> %".24", ptr %".112", align 4
  %".114" = mul i64 %".7", 1
  %".115" = add i64 %".6", %".114"
  %".116" = add i64 %".115", 0
  %".117" = inttoptr i64 %".116" to ptr
  store <8 x float> %".25", ptr %".117", align 4
  %".119" = mul i64 %".7", 1
  %".120" = add i64 %".6", %".119"
  %".121" = add i64 %".120", 32
  %".122" = inttoptr i64 %".121" to ptr
  store <8 x float> %".26", ptr %".122", align 4
  %".124" = mul i64 %".7", 2
  %".125" = add i64 %".6", %".124"
  %".126" = add i64 %".125", 0
  %".127" = inttoptr i64 %".126" to ptr
  store <8 x float> %".27", ptr %".127", align 4
  %".129" = mul i64 %".7", 2
  %".130" = add i64 %".6", %".129"
  %".131" = add i64 %".130", 32
  %".132" = inttoptr i64 %".131" to ptr
  store <8 x float> %".28", ptr %".132", align 4
  %".134" = mul i64 %".7", 3
  %".135" = add i64 %".6", %".134"
  %".136" = add i64 %".135", 0
  %".137" = inttoptr i64 %".136" to ptr
  store <8 x float> %".29", ptr %".137", align 4
  %".139" = mul i64 %".7", 3
  %".140" = add i64 %".6", %".139"
  %".141" = add i64 %".140", 32
  %".142" = inttoptr i64 %".141" to ptr
  store <8 x float> %".30", ptr %".142", align 4
  %".144" = mul i64 %".7", 4
  %".145" = add i64 %".6", %".144"
  %".146" = add i64 %".145", 0
  %".147" = inttoptr i64 %".146" to ptr
  store <8 x float> %".31", ptr %".147", align 4
  %".149" = mul i64 %".7", 4
  %".150" = add i64 %".6", %".149"
  %".151" = add i64 %".150", 32
  %".152" = inttoptr i64 %".151" to ptr
  store <8 x float> %".32", ptr %".152", align 4
  %".154" = mul i64 %".7", 5
  %".155" = add i64 %".6", %".154"
  %".156" = add i64 %".155", 0
  %".157" = inttoptr i64 %".156" to ptr
  store <8 x float> %".33", ptr %".157", align 4
  %".159" = mul i64 %".7", 5
  %".160" = add i64 %".6", %".159"
  %".161" = add i64 %".160", 32
  %".162" = inttoptr i64 %".161" to ptr
  store <8 x float> %".34", ptr %".162", align 4
  ret void
}

define internal void @"tile_4x1_1"(i64 %".1", i64 %".2", i64 %".3", i64 %".4", i64 %".5", i64 %".6", i64 %".7") noinline
{
entry:
  %".9" = mul i64 %".5", 0
  %".10" = add i64 %".4", %".9"
  %".11" = add i64 %".10", 0
  %".12" = inttoptr i64 %".11" to ptr
  %".13" = load <8 x float>, ptr %".12", align 4
  %".14" = mul i64 %".5", 0
  %".15" = add i64 %".4", %".14"
  %".16" = add i64 %".15", 32
  %".17" = inttoptr i64 %".16" to ptr
  %".18" = load <8 x float>, ptr %".17", align 4
  %".19" = add i64 %".4", 64
  br label %"head"
head:
  %".21" = phi  i64 [0, %"entry"], [%".80", %"body"]
  %".22" = phi  i64 [%".19", %"entry"], [%".79", %"body"]
  %".23" = phi  <8 x float> [%".13", %"entry"], [%".50", %"body"]
  %".24" = phi  <8 x float> [%".18", %"entry"], [%".51", %"body"]
  %".25" = phi  <8 x float> [%".13", %"entry"], [%".59", %"body"]
  %".26" = phi  <8 x float> [%".18", %"entry"], [%".60", %"body"]
  %".27" = phi  <8 x float> [%".13", %"entry"], [%".68", %"body"]
  %".28" = phi  <8 x float> [%".18", %"entry"], [%".69", %"body"]
  %".29" = phi  <8 x float> [%".13", %"entry"], [%".77", %"body"]
  %".30" = phi  <8 x float> [%".18", %"entry"], [%".78", %"body"]
  %".31" = icmp slt i64 %".21", %".3"
  br i1 %".31", label %"body", label %"after"
body:
  %".33" = mul i64 %".5", 0
  %".34" = add i64 %".22", %".33"
  %".35" = add i64 %".34", 0
  %".36" = inttoptr i64 %".35" to ptr
  %".37" = load <8 x float>, ptr %".36", align 4
  %".38" = mul i64 %".5", 0
  %".39" = add i64 %".22", %".38"
  %".40" = add i64 %".39", 32
  %".41" = inttoptr i64 %".40" to ptr
  %".42" = load <8 x float>, ptr %".41", align 4
  %".43" = mul i64 %".2", 0
  %".44" = add i64 %".1", %".43"
  %".45" = inttoptr i64 %".44" to ptr
  %".46" = getelementptr float, ptr %".45", i64 %".21"
  %".47" = load float, ptr %".46"
  %".48" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".47", i32 0
  %".49" = shufflevector <8 x float> %".48", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".50" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".49", <8 x float> %".37", <8 x float> %".23")
  %".51" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".49", <8 x float> %".42", <8 x float> %".24")
  %".52" = mul i64 %".2", 1
  %".53" = add i64 %".1", %".52"
  %".54" = inttoptr i64 %".53" to ptr
  %".55" = getelementptr float, ptr %".54", i64 %".21"
  %".56" = load float, ptr %".55"
  %".57" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".56", i32 0
  %".58" = shufflevector <8 x float> %".57", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".59" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".58", <8 x float> %".37", <8 x float> %".25")
  %".60" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".58", <8 x float> %".42", <8 x float> %".26")
  %".61" = mul i64 %".2", 2
  %".62" = add i64 %".1", %".61"
  %".63" = inttoptr i64 %".62" to ptr
  %".64" = getelementptr float, ptr %".63", i64 %".21"
  %".65" = load float, ptr %".64"
  %".66" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".65", i32 0
  %".67" = shufflevector <8 x float> %".66", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".68" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".67", <8 x float> %".37", <8 x float> %".27")
  %".69" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".67", <8 x float> %".42", <8 x float> %".28")
  %".70" = mul i64 %".2", 3
  %".71" = add i64 %".1", %".70"
  %".72" = inttoptr i64 %".71" to ptr
  %".73" = getelementptr float, ptr %".72", i64 %".21"
  %".74" = load float, ptr %".73"
  %".75" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".74", i32 0
  %".76" = shufflevector <8 x float> %".75", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".77" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".76", <8 x float> %".37", <8 x float> %".29")
  %".78" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".76", <8 x float> %".42", <8 x float> %".30")
  %".79" = add i64 %".22", 64
  %".80" = add i64 %".21", 1
  br label %"head"
after:
  %".82" = mul i64 %".7", 0
  %".83" = add i64 %".6", %".82"
  %".84" = add i64 %".83", 0
  %".85" = inttoptr i64 %".84" to ptr
  store <8 x float> %".23", ptr %".85", align 4
  %".87" = mul i64 %".7", 0
  %".88" = add i64 %".6", %".87"
  %".89" = add i64 %".88", 32
  %".90" = inttoptr i64 %".89" to ptr
  store <8 x float> %".24", ptr %".90", align 4
  %".92" = mul i64 %".7", 1
  %".93" = add i64 %".6", %".92"
  %".94" = add i64 %".93", 0
  %".95" = inttoptr i64 %".94" to ptr
  store <8 x float> %".25", ptr %".95", align 4
  %".97" = mul i64 %".7", 1
  %".98" = add i64 %".6", %".97"
  %".99" = add i64 %".98", 32
  %".100" = inttoptr i64 %".99" to ptr
  store <8 x float> %".26", ptr %".100", align 4
  %".102" = mul i64 %".7", 2
  %".103" = add i64 %".6", %".102"
  %".104" = add i64 %".103", 0
  %".105" = inttoptr i64 %".104" to ptr
  store <8 x float> %".27", ptr %".105", align 4
  %".107" = mul i64 %".7", 2
  %".108" = add i64 %".6", %".107"
  %".109" = add i64 %".108", 32
  %".110" = inttoptr i64 %".109" to ptr
  store <8 x float> %".28", ptr %".110", align 4
  %".112" = mul i64 %".7", 3
  %".113" = add i64 %".6", %".112"
  %".114" = add i64 %".113", 0
  %".115" = inttoptr i64 %".114" to ptr
  store <8 x float> %".29", ptr %".115", align 4
  %".117" = mul i64 %".7", 3
  %".118" = add i64 %".6", %".117"
  %".119" = add i64 %".118", 32
  %".120" = inttoptr i64 %".119" to ptr
  store <8 x float> %".30", ptr %".120", align 4
  ret void
}

declare i32 @"omp_get_thread_num"()

declare i32 @"omp_get_num_threads"()

declare void @"GOMP_parallel"(ptr %".1", ptr %".2", i32 %".3", i32 %".4")

define internal void @"loop.inside"(ptr %".1")
{
entry:
  %".3" = getelementptr i64, ptr %".1", i64 0
  %".4" = load i64, ptr %".3"
  %".5" = getelementptr i64, ptr %".1", i64 1
  %".6" = load i64, ptr %".5"
  %".7" = call i32 @"omp_get_thread_num"()
  %".8" = sext i32 %".7" to i64
  %".9" = call i32 @"omp_get_num_threads"()
  %".10" = sext i32 %".9" to i64
  %".11" = sub i64 %".6", %".8"
  %".12" = sub i64 %".10", 1
  %".13" = add i64 %".11", %".12"
  %".14" = sdiv i64 %".13", %".10"
  br label %"head"
head:
  %".16" = phi  i64 [0, %"entry"], [%".17", %"body"]
  %".17" = add i64 %".16", 1
  %".18" = icmp sle i64 %".17", %".14"
  br i1 %".18", label %"body", label %"after"
body:
  %".20" = mul i64 %".16", %".10"
  %".21" = add i64 %".8", %".20"
  call void @"loop"(i64 %".4", i64 %".21", i64 %".6")
  br label %"head"
after:
  ret void
}

define void @"loop.team"(i64 %".1", i64 %".2", i64 %".3")
{
entry:
  %".5" = alloca [2 x i64]
  %".6" = ptrtoint [2 x i64]* %".5" to i64
  %".7" = inttoptr i64 %".6" to ptr
  %".8" = getelementptr i64, ptr %".7", i64 0
  store i64 %".1", ptr %".8"
  %".10" = getelementptr i64, ptr %".7", i64 1
  store i64 %".3", ptr %".10"
  %".12" = trunc i64 %".3" to i32
  call void @"GOMP_parallel"(void (ptr)* @"loop.inside", ptr %".7", i32 %".12", i32 0)
  ret void
}
