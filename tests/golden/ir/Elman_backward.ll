; ModuleID = "recurra"
target triple = "x86_64-unknown-linux-gnu"
target datalayout = ""

define void @"loop"(i64 %".1", i64 %".2", i64 %".3")
{
entry:
  %".6" = inttoptr i64 %".1" to ptr
  %".7" = getelementptr i64, ptr %".6", i64 3
  %".8" = load i64, ptr %".7"
  %".16" = inttoptr i64 %".1" to ptr
  %".17" = getelementptr i64, ptr %".16", i64 0
  %".18" = load i64, ptr %".17"
  %".25" = inttoptr i64 %".1" to ptr
  %".26" = getelementptr i64, ptr %".25", i64 2
  %".27" = load i64, ptr %".26"
  %".31" = inttoptr i64 %".1" to ptr
  %".32" = getelementptr i64, ptr %".31", i64 1
  %".33" = load i64, ptr %".32"
  %".40" = inttoptr i64 %".1" to ptr
  %".41" = getelementptr i64, ptr %".40", i64 6
  %".42" = load i64, ptr %".41"
  %".53" = inttoptr i64 %".1" to ptr
  %".54" = getelementptr i64, ptr %".53", i64 12
  %".55" = load i64, ptr %".54"
  %".62" = inttoptr i64 %".1" to ptr
  %".63" = getelementptr i64, ptr %".62", i64 13
  %".64" = load i64, ptr %".63"
  %".65" = inttoptr i64 %".1" to ptr
  %".66" = getelementptr i64, ptr %".65", i64 14
  %".67" = load i64, ptr %".66"
  %".77" = inttoptr i64 %".1" to ptr
  %".78" = getelementptr i64, ptr %".77", i64 15
  %".79" = load i64, ptr %".78"
  %".80" = inttoptr i64 %".1" to ptr
  %".81" = getelementptr i64, ptr %".80", i64 16
  %".82" = load i64, ptr %".81"
  %".90" = inttoptr i64 %".1" to ptr
  %".91" = getelementptr i64, ptr %".90", i64 17
  %".92" = load i64, ptr %".91"
  %".93" = inttoptr i64 %".1" to ptr
  %".94" = getelementptr i64, ptr %".93", i64 18
  %".95" = load i64, ptr %".94"
  %".104" = inttoptr i64 %".1" to ptr
  %".105" = getelementptr i64, ptr %".104", i64 19
  %".106" = load i64, ptr %".105"
  %".107" = inttoptr i64 %".1" to ptr
  %".108" = getelementptr i64, ptr %".107", i64 20
  %".109" = load i64, ptr %".108"
  %".194" = inttoptr i64 %".1" to ptr
  %".195" = getelementptr i64, ptr %".194", i64 22
  %".196" = load i64, ptr %".195"
  %".202" = inttoptr i64 %".1" to ptr
  %".203" = getelementptr i64, ptr %".202", i64 23
  %".204" = load i64, ptr %".203"
  %".205" = inttoptr i64 %".1" to ptr
  %".206" = getelementptr i64, ptr %".205", i64 4
  %".207" = load i64, ptr %".206"
  %".208" = inttoptr i64 %".1" to ptr
  %".209" = getelementptr i64, ptr %".208", i64 5
  %".210" = load i64, ptr %".209"
  %".214" = inttoptr i64 %".1" to ptr
  %".215" = getelementptr i64, ptr %".214", i64 24
  %".216" = load i64, ptr %".215"
  %".222" = inttoptr i64 %".1" to ptr
  %".223" = getelementptr i64, ptr %".222", i64 21
  %".224" = load i64, ptr %".223"
  %".388" = inttoptr i64 %".1" to ptr
  %".389" = getelementptr i64, ptr %".388", i64 25
  %".390" = load i64, ptr %".389"
  %".391" = inttoptr i64 %".1" to ptr
  %".392" = getelementptr i64, ptr %".391", i64 26
  %".393" = load i64, ptr %".392"
  br label %"start"
start:
  %".9" = inttoptr i64 %".8" to ptr
  %".10" = getelementptr i64, ptr %".9", i64 %".2"
  %".11" = load i64, ptr %".10"
  %".12" = add i64 %".2", 1
  %".13" = inttoptr i64 %".8" to ptr
  %".14" = getelementptr i64, ptr %".13", i64 %".12"
  %".15" = load i64, ptr %".14"
  br label %"head"
head:
  %".20" = phi  i64 [0, %"start"], [%".21", %"body.endif"]
  %".21" = add i64 %".20", 1
  %".22" = icmp sle i64 %".21", %".18"
  br i1 %".22", label %"body", label %"after"
body:
  %".24" = add i64 %".20", 1
  %".28" = inttoptr i64 %".27" to ptr
  %".29" = getelementptr i64, ptr %".28", i64 %".20"
  %".30" = load i64, ptr %".29"
  %".34" = inttoptr i64 %".33" to ptr
  %".35" = getelementptr i64, ptr %".34", i64 %".20"
  %".36" = load i64, ptr %".35"
  %".37" = icmp slt i64 %".30", %".15"
  %".38" = select  i1 %".37", i64 %".30", i64 %".15"
  %".39" = and i64 %".20", 1
  %".43" = mul i64 %".39", %".42"
  %".44" = inttoptr i64 %".33" to ptr
  %".45" = getelementptr i64, ptr %".44", i64 %".24"
  %".46" = load i64, ptr %".45"
  %".47" = sub i64 %".42", %".43"
  %".48" = inttoptr i64 %".27" to ptr
  %".49" = getelementptr i64, ptr %".48", i64 %".24"
  %".50" = load i64, ptr %".49"
  %".51" = icmp slt i64 %".11", %".38"
  br i1 %".51", label %"body.if", label %"body.endif"
after:
  ret void
body.if:
  br label %"head.1"
body.endif:
  br label %"head"
head.1:
  %".57" = phi  i64 [%".11", %"body.if"], [%".58", %"after.3.endif"]
  %".58" = add i64 %".57", 1
  %".59" = icmp sle i64 %".58", %".38"
  br i1 %".59", label %"body.1", label %"after.1"
body.1:
  %".61" = add i64 %".36", %".57"
  %".68" = mul i64 %".67", 4
  %".69" = mul i64 %".61", %".68"
  %".70" = add i64 %".64", %".69"
  br label %"head.2"
after.1:
  %".197" = add i64 %".36", %".11"
  %".198" = mul i64 %".67", 4
  %".199" = mul i64 %".197", %".198"
  %".200" = add i64 %".64", %".199"
  %".201" = sub i64 %".11", %".11"
  %".211" = mul i64 %".2", %".210"
  %".212" = add i64 %".207", %".211"
  %".213" = add i64 %".204", %".212"
  %".217" = mul i64 %".216", 4
  %".218" = mul i64 %".201", %".217"
  %".219" = add i64 %".213", %".218"
  %".220" = mul i64 %".216", 4
  %".221" = sub i64 %".38", %".11"
  %".225" = add i64 1, %".55"
  %".226" = mul i64 %".225", 64
  %".227" = icmp slt i64 %".221", 4
  br i1 %".227", label %"after.1.if", label %"after.1.else"
head.2:
  %".72" = phi  i64 [0, %"body.1"], [%".73", %"body.2"]
  %".73" = add i64 %".72", 16
  %".74" = icmp sle i64 %".73", %".55"
  br i1 %".74", label %"body.2", label %"after.2"
body.2:
  %".76" = add i64 %".36", %".57"
  %".83" = mul i64 %".82", 4
  %".84" = mul i64 %".76", %".83"
  %".85" = add i64 %".79", %".84"
  %".86" = inttoptr i64 %".85" to ptr
  %".87" = getelementptr float, ptr %".86", i64 %".72"
  %".88" = load <16 x float>, ptr %".87", align 4
  %".89" = add i64 %".43", %".57"
  %".96" = mul i64 %".95", 4
  %".97" = mul i64 %".89", %".96"
  %".98" = add i64 %".92", %".97"
  %".99" = inttoptr i64 %".98" to ptr
  %".100" = getelementptr float, ptr %".99", i64 %".72"
  %".101" = load <16 x float>, ptr %".100", align 4
  %".102" = fadd <16 x float> %".88", %".101"
  %".103" = add i64 %".36", %".57"
  %".110" = mul i64 %".109", 4
  %".111" = mul i64 %".103", %".110"
  %".112" = add i64 %".106", %".111"
  %".113" = inttoptr i64 %".112" to ptr
  %".114" = getelementptr float, ptr %".113", i64 %".72"
  %".115" = load <16 x float>, ptr %".114", align 4
  %".116" = fmul <16 x float> %".115", %".115"
  %".117" = fsub <16 x float> <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>, %".116"
  %".118" = fmul <16 x float> %".102", %".117"
  %".119" = inttoptr i64 %".70" to ptr
  %".120" = getelementptr float, ptr %".119", i64 %".72"
  store <16 x float> %".118", ptr %".120", align 4
  br label %"head.2"
after.2:
  br label %"head.3"
head.3:
  %".124" = phi  i64 [%".72", %"after.2"], [%".125", %"body.3"]
  %".125" = add i64 %".124", 8
  %".126" = icmp sle i64 %".125", %".55"
  br i1 %".126", label %"body.3", label %"after.3"
body.3:
  %".128" = add i64 %".36", %".57"
  %".129" = mul i64 %".82", 4
  %".130" = mul i64 %".128", %".129"
  %".131" = add i64 %".79", %".130"
  %".132" = inttoptr i64 %".131" to ptr
  %".133" = getelementptr float, ptr %".132", i64 %".124"
  %".134" = load <8 x float>, ptr %".133", align 4
  %".135" = add i64 %".43", %".57"
  %".136" = mul i64 %".95", 4
  %".137" = mul i64 %".135", %".136"
  %".138" = add i64 %".92", %".137"
  %".139" = inttoptr i64 %".138" to ptr
  %".140" = getelementptr float, ptr %".139", i64 %".124"
  %".141" = load <8 x float>, ptr %".140", align 4
  %".142" = fadd <8 x float> %".134", %".141"
  %".143" = add i64 %".36", %".57"
  %".144" = mul i64 %".109", 4
  %".145" = mul i64 %".143", %".144"
  %".146" = add i64 %".106", %".145"
  %".147" = inttoptr i64 %".146" to ptr
  %".148" = getelementptr float, ptr %".147", i64 %".124"
  %".149" = load <8 x float>, ptr %".148", align 4
  %".150" = fmul <8 x float> %".149", %".149"
  %".151" = fsub <8 x float> <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>, %".150"
  %".152" = fmul <8 x float> %".142", %".151"
  %".153" = inttoptr i64 %".70" to ptr
  %".154" = getelementptr float, ptr %".153", i64 %".124"
  store <8 x float> %".152", ptr %".154", align 4
  br label %"head.3"
after.3:
  %".157" = sub i64 %".55", %".124"
  %".158" = icmp sgt i64 %".157", 0
  br i1 %".158", label %"after.3.if", label %"after.3.endif"
after.3.if:
  %".160" = trunc i64 %".157" to i32
  %".161" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".160", i32 0
  %".162" = shufflevector <8 x i32> %".161", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".163" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".162"
  %".164" = add i64 %".36", %".57"
  %".165" = mul i64 %".82", 4
  %".166" = mul i64 %".164", %".165"
  %".167" = add i64 %".79", %".166"
  %".168" = inttoptr i64 %".167" to ptr
  %".169" = getelementptr float, ptr %".168", i64 %".124"
  %".170" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".169", i32 4, <8 x i1> %".163", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".171" = add i64 %".43", %".57"
  %".172" = mul i64 %".95", 4
  %".173" = mul i64 %".171", %".172"
  %".174" = add i64 %".92", %".173"
  %".175" = inttoptr i64 %".174" to ptr
  %".176" = getelementptr float, ptr %".175", i64 %".124"
  %".177" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".176", i32 4, <8 x i1> %".163", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".178" = fadd <8 x float> %".170", %".177"
  %".179" = add i64 %".36", %".57"
  %".180" = mul i64 %".109", 4
  %".181" = mul i64 %".179", %".180"
  %".182" = add i64 %".106", %".181"
  %".183" = inttoptr i64 %".182" to ptr
  %".184" = getelementptr float, ptr %".183", i64 %".124"
  %".185" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".184", i32 4, <8 x i1> %".163", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".186" = fmul <8 x float> %".185", %".185"
  %".187" = fsub <8 x float> <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>, %".186"
  %".188" = fmul <8 x float> %".178", %".187"
  %".189" = inttoptr i64 %".70" to ptr
  %".190" = getelementptr float, ptr %".189", i64 %".124"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".188", ptr %".190", i32 4, <8 x i1> %".163")
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
  %".230" = phi  i64 [0, %"after.1.if"], [%".231", %"after.6"]
  %".231" = add i64 %".230", 2
  %".232" = icmp sle i64 %".231", %".196"
  br i1 %".232", label %"body.4", label %"after.4"
body.4:
  %".234" = mul i64 %".230", %".226"
  %".235" = add i64 %".224", %".234"
  %".236" = mul i64 %".230", 64
  %".237" = add i64 %".219", %".236"
  %".238" = srem i64 %".221", 2
  %".239" = icmp eq i64 %".238", 0
  %".240" = icmp sgt i64 %".221", 2
  %".241" = and i1 %".239", %".240"
  br label %"head.5"
after.4:
  br label %"head.7"
head.5:
  %".243" = phi  i64 [0, %"body.4"], [%".244", %"body.5"]
  %".244" = add i64 %".243", 2
  %".245" = icmp sle i64 %".244", %".221"
  br i1 %".245", label %"body.5", label %"after.5"
body.5:
  %".247" = mul i64 %".67", 4
  %".248" = mul i64 %".243", %".247"
  %".249" = add i64 %".200", %".248"
  %".250" = mul i64 %".67", 4
  %".251" = mul i64 %".243", %".220"
  %".252" = add i64 %".237", %".251"
  call void @"tile_2x2_1"(i64 %".249", i64 %".250", i64 %".55", i64 %".235", i64 %".226", i64 %".252", i64 %".220")
  br label %"head.5"
after.5:
  br label %"head.6"
head.6:
  %".256" = phi  i64 [%".243", %"after.5"], [%".257", %"body.6"]
  %".257" = add i64 %".256", 1
  %".258" = icmp sle i64 %".257", %".221"
  br i1 %".258", label %"body.6", label %"after.6"
body.6:
  %".260" = mul i64 %".67", 4
  %".261" = mul i64 %".256", %".260"
  %".262" = add i64 %".200", %".261"
  %".263" = mul i64 %".67", 4
  %".264" = mul i64 %".256", %".220"
  %".265" = add i64 %".237", %".264"
  call void @"tile_1x2_1"(i64 %".262", i64 %".263", i64 %".55", i64 %".235", i64 %".226", i64 %".265", i64 %".220")
  br label %"head.6"
after.6:
  br label %"head.4"
head.7:
  %".270" = phi  i64 [%".230", %"after.4"], [%".271", %"after.9"]
  %".271" = add i64 %".270", 1
  %".272" = icmp sle i64 %".271", %".196"
  br i1 %".272", label %"body.7", label %"after.7"
body.7:
  %".274" = mul i64 %".270", %".226"
  %".275" = add i64 %".224", %".274"
  %".276" = mul i64 %".270", 64
  %".277" = add i64 %".219", %".276"
  %".278" = srem i64 %".221", 2
  %".279" = icmp eq i64 %".278", 0
  %".280" = icmp sgt i64 %".221", 2
  %".281" = and i1 %".279", %".280"
  br label %"head.8"
after.7:
  br label %"after.1.endif"
head.8:
  %".283" = phi  i64 [0, %"body.7"], [%".284", %"body.8"]
  %".284" = add i64 %".283", 2
  %".285" = icmp sle i64 %".284", %".221"
  br i1 %".285", label %"body.8", label %"after.8"
body.8:
  %".287" = mul i64 %".67", 4
  %".288" = mul i64 %".283", %".287"
  %".289" = add i64 %".200", %".288"
  %".290" = mul i64 %".67", 4
  %".291" = mul i64 %".283", %".220"
  %".292" = add i64 %".277", %".291"
  call void @"tile_2x1_1"(i64 %".289", i64 %".290", i64 %".55", i64 %".275", i64 %".226", i64 %".292", i64 %".220")
  br label %"head.8"
after.8:
  br label %"head.9"
head.9:
  %".296" = phi  i64 [%".283", %"after.8"], [%".297", %"body.9"]
  %".297" = add i64 %".296", 1
  %".298" = icmp sle i64 %".297", %".221"
  br i1 %".298", label %"body.9", label %"after.9"
body.9:
  %".300" = mul i64 %".67", 4
  %".301" = mul i64 %".296", %".300"
  %".302" = add i64 %".200", %".301"
  %".303" = mul i64 %".67", 4
  %".304" = mul i64 %".296", %".220"
  %".305" = add i64 %".277", %".304"
  call void @"tile_1x1_1"(i64 %".302", i64 %".303", i64 %".55", i64 %".275", i64 %".226", i64 %".305", i64 %".220")
  br label %"head.9"
after.9:
  br label %"head.7"
head.10:
  %".311" = phi  i64 [0, %"after.1.else"], [%".312", %"after.14"]
  %".312" = add i64 %".311", 1
  %".313" = icmp sle i64 %".312", %".196"
  br i1 %".313", label %"body.10", label %"after.10"
body.10:
  %".315" = mul i64 %".311", %".226"
  %".316" = add i64 %".224", %".315"
  %".317" = mul i64 %".311", 64
  %".318" = add i64 %".219", %".317"
  %".319" = srem i64 %".221", 6
  %".320" = icmp eq i64 %".319", 2
  %".321" = icmp sgt i64 %".221", 6
  %".322" = and i1 %".320", %".321"
  %".323" = sub i64 %".221", 8
  %".324" = select  i1 %".322", i64 %".323", i64 %".221"
  br label %"head.11"
after.10:
  br label %"after.1.endif"
head.11:
  %".326" = phi  i64 [0, %"body.10"], [%".327", %"body.11"]
  %".327" = add i64 %".326", 6
  %".328" = icmp sle i64 %".327", %".324"
  br i1 %".328", label %"body.11", label %"after.11"
body.11:
  %".330" = mul i64 %".67", 4
  %".331" = mul i64 %".326", %".330"
  %".332" = add i64 %".200", %".331"
  %".333" = mul i64 %".67", 4
  %".334" = mul i64 %".326", %".220"
  %".335" = add i64 %".318", %".334"
  call void @"tile_6x1_1"(i64 %".332", i64 %".333", i64 %".55", i64 %".316", i64 %".226", i64 %".335", i64 %".220")
  br label %"head.11"
after.11:
  br label %"head.12"
head.12:
  %".339" = phi  i64 [%".326", %"after.11"], [%".340", %"body.12"]
  %".340" = add i64 %".339", 4
  %".341" = icmp sle i64 %".340", %".221"
  br i1 %".341", label %"body.12", label %"after.12"
body.12:
  %".343" = mul i64 %".67", 4
  %".344" = mul i64 %".339", %".343"
  %".345" = add i64 %".200", %".344"
  %".346" = mul i64 %".67", 4
  %".347" = mul i64 %".339", %".220"
  %".348" = add i64 %".318", %".347"
  call void @"tile_4x1_1"(i64 %".345", i64 %".346", i64 %".55", i64 %".316", i64 %".226", i64 %".348", i64 %".220")
  br label %"head.12"
after.12:
  br label %"head.13"
head.13:
  %".352" = phi  i64 [%".339", %"after.12"], [%".353", %"body.13"]
  %".353" = add i64 %".352", 2
  %".354" = icmp sle i64 %".353", %".221"
  br i1 %".354", label %"body.13", label %"after.13"
body.13:
  %".356" = mul i64 %".67", 4
  %".357" = mul i64 %".352", %".356"
  %".358" = add i64 %".200", %".357"
  %".359" = mul i64 %".67", 4
  %".360" = mul i64 %".352", %".220"
  %".361" = add i64 %".318", %".360"
  call void @"tile_2x1_1"(i64 %".358", i64 %".359", i64 %".55", i64 %".316", i64 %".226", i64 %".361", i64 %".220")
  br label %"head.13"
after.13:
  br label %"head.14"
head.14:
  %".365" = phi  i64 [%".352", %"after.13"], [%".366", %"body.14"]
  %".366" = add i64 %".365", 1
  %".367" = icmp sle i64 %".366", %".221"
  br i1 %".367", label %"body.14", label %"after.14"
body.14:
  %".369" = mul i64 %".67", 4
  %".370" = mul i64 %".365", %".369"
  %".371" = add i64 %".200", %".370"
  %".372" = mul i64 %".67", 4
  %".373" = mul i64 %".365", %".220"
  %".374" = add i64 %".318", %".373"
  call void @"tile_1x1_1"(i64 %".371", i64 %".372", i64 %".55", i64 %".316", i64 %".226", i64 %".374", i64 %".220")
  br label %"head.14"
after.14:
  br label %"head.10"
head.15:
  %".380" = phi  i64 [%".11", %"after.1.endif"], [%".381", %"after.17.endif"]
  %".381" = add i64 %".380", 1
  %".382" = icmp sle i64 %".381", %".38"
  br i1 %".382", label %"body.15", label %"after.15"
body.15:
  %".384" = add i64 %".47", %".380"
  %".385" = mul i64 %".95", 4
  %".386" = mul i64 %".384", %".385"
  %".387" = add i64 %".92", %".386"
  %".394" = mul i64 %".393", 4
  %".395" = mul i64 %".380", %".394"
  %".396" = add i64 %".390", %".395"
  %".397" = icmp slt i64 %".380", %".50"
  %".398" = select  i1 %".397", i64 %".387", i64 %".396"
  br label %"head.16"
after.15:
  br label %"body.endif"
head.16:
  %".400" = phi  i64 [0, %"body.15"], [%".401", %"body.16"]
  %".401" = add i64 %".400", 16
  %".402" = icmp sle i64 %".401", %".55"
  br i1 %".402", label %"body.16", label %"after.16"
body.16:
  %".404" = sub i64 %".380", %".11"
  %".405" = mul i64 %".2", %".210"
  %".406" = add i64 %".207", %".405"
  %".407" = add i64 %".204", %".406"
  %".408" = mul i64 %".216", 4
  %".409" = mul i64 %".404", %".408"
  %".410" = add i64 %".407", %".409"
  %".411" = inttoptr i64 %".410" to ptr
  %".412" = getelementptr float, ptr %".411", i64 %".400"
  %".413" = load <16 x float>, ptr %".412", align 4
  %".414" = inttoptr i64 %".398" to ptr
  %".415" = getelementptr float, ptr %".414", i64 %".400"
  store <16 x float> %".413", ptr %".415", align 4
  br label %"head.16"
after.16:
  br label %"head.17"
head.17:
  %".419" = phi  i64 [%".400", %"after.16"], [%".420", %"body.17"]
  %".420" = add i64 %".419", 8
  %".421" = icmp sle i64 %".420", %".55"
  br i1 %".421", label %"body.17", label %"after.17"
body.17:
  %".423" = sub i64 %".380", %".11"
  %".424" = mul i64 %".2", %".210"
  %".425" = add i64 %".207", %".424"
  %".426" = add i64 %".204", %".425"
  %".427" = mul i64 %".216", 4
  %".428" = mul i64 %".423", %".427"
  %".429" = add i64 %".426", %".428"
  %".430" = inttoptr i64 %".429" to ptr
  %".431" = getelementptr float, ptr %".430", i64 %".419"
  %".432" = load <8 x float>, ptr %".431", align 4
  %".433" = inttoptr i64 %".398" to ptr
  %".434" = getelementptr float, ptr %".433", i64 %".419"
  store <8 x float> %".432", ptr %".434", align 4
  br label %"head.17"
after.17:
  %".437" = sub i64 %".55", %".419"
  %".438" = icmp sgt i64 %".437", 0
  br i1 %".438", label %"after.17.if", label %"after.17.endif"
after.17.if:
  %".440" = trunc i64 %".437" to i32
  %".441" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".440", i32 0
  %".442" = shufflevector <8 x i32> %".441", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".443" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".442"
  %".444" = sub i64 %".380", %".11"
  %".445" = mul i64 %".2", %".210"
  %".446" = add i64 %".207", %".445"
  %".447" = add i64 %".204", %".446"
  %".448" = mul i64 %".216", 4
  %".449" = mul i64 %".444", %".448"
  %".450" = add i64 %".447", %".449"
  %".451" = inttoptr i64 %".450" to ptr
  %".452" = getelementptr float, ptr %".451", i64 %".419"
  %".453" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".452", i32 4, <8 x i1> %".443", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".454" = inttoptr i64 %".398" to ptr
  %".455" = getelementptr float, ptr %".454", i64 %".419"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".453", ptr %".455", i32 4, <8 x i1> %".443")
  br label %"after.17.endif"
after.17.endif:
  br label %"head.15"
}

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

define void @"script"(i64 %".1", i64 %".2", i64 %".3")
{
entry:
  %".5" = inttoptr i64 %".1" to ptr
  %".6" = getelementptr i64, ptr %".5", i64 0
  %".7" = load i64, ptr %".6"
  br label %"head"
head:
  %".9" = phi  i64 [0, %"entry"], [%".10", %"body"]
  %".10" = add i64 %".9", 1
  %".11" = icmp sle i64 %".10", %".7"
  br i1 %".11", label %"body", label %"after"
body:
  %".13" = mul i64 %".9", 3
  %".14" = add i64 %".13", 1
  %".15" = add i64 %".14", 0
  %".16" = getelementptr i64, ptr %".5", i64 %".15"
  %".17" = load i64, ptr %".16"
  %".18" = add i64 %".14", 1
  %".19" = getelementptr i64, ptr %".5", i64 %".18"
  %".20" = load i64, ptr %".19"
  %".21" = add i64 %".14", 2
  %".22" = getelementptr i64, ptr %".5", i64 %".21"
  %".23" = load i64, ptr %".22"
  %".24" = inttoptr i64 %".17" to void (i64, i64, i64)*
  call void %".24"(i64 %".20", i64 0, i64 %".23")
  br label %"head"
after:
  ret void
}

define void @"launch"(i64 %".1", ptr %".2")
{
entry:
  %".4" = inttoptr i64 %".1" to ptr
  %".5" = getelementptr i64, ptr %".4", i64 0
  %".6" = load i64, ptr %".5"
  %".7" = getelementptr i64, ptr %".4", i64 1
  %".8" = load i64, ptr %".7"
  %".9" = getelementptr i64, ptr %".4", i64 2
  %".10" = load i64, ptr %".9"
  %".11" = getelementptr i64, ptr %".4", i64 3
  %".12" = load i64, ptr %".11"
  %".13" = getelementptr i64, ptr %".4", i64 4
  %".14" = load i64, ptr %".13"
  %".15" = getelementptr i64, ptr %".4", i64 5
  %".16" = load i64, ptr %".15"
  %".17" = inttoptr i64 %".8" to ptr
  %".18" = inttoptr i64 %".10" to ptr
  %".19" = getelementptr i64, ptr %".2", i64 %".12"
  %".20" = load i64, ptr %".19"
  %".21" = add i64 %".20", %".14"
  %".22" = inttoptr i64 %".21" to ptr
  br label %"head"
head:
  %".24" = phi  i64 [0, %"entry"], [%".25", %"body"]
  %".25" = add i64 %".24", 1
  %".26" = icmp sle i64 %".25", %".6"
  br i1 %".26", label %"body", label %"after"
body:
  %".28" = getelementptr i64, ptr %".17", i64 %".24"
  %".29" = load i64, ptr %".28"
  %".30" = getelementptr i64, ptr %".18", i64 %".24"
  %".31" = load i64, ptr %".30"
  %".32" = getelementptr i64, ptr %".2", i64 %".31"
  %".33" = load i64, ptr %".32"
  %".34" = add i64 %".29", %".33"
  %".35" = getelementptr i64, ptr %".22", i64 %".24"
  store i64 %".34", ptr %".35"
  br label %"head"
after:
  %".38" = add i64 %".21", %".16"
  call void @"script"(i64 %".38", i64 0, i64 1)
  ret void
}

declare void @"llvm.memcpy.p0.p0.i64"(ptr %".1", ptr %".2", i64 %".3", i1 %".4")

define void @"copy"(i64 %".1", i64 %".2", i64 %".3")
{
entry:
  %".5" = inttoptr i64 %".1" to ptr
  %".6" = getelementptr i64, ptr %".5", i64 0
  %".7" = load i64, ptr %".6"
  br label %"head"
head:
  %".9" = phi  i64 [0, %"entry"], [%".10", %"after.1"]
  %".10" = add i64 %".9", 1
  %".11" = icmp sle i64 %".10", %".7"
  br i1 %".11", label %"body", label %"after"
body:
  %".13" = mul i64 %".9", 7
  %".14" = add i64 %".13", 1
  %".15" = add i64 %".14", 0
  %".16" = getelementptr i64, ptr %".5", i64 %".15"
  %".17" = load i64, ptr %".16"
  %".18" = add i64 %".14", 1
  %".19" = getelementptr i64, ptr %".5", i64 %".18"
  %".20" = load i64, ptr %".19"
  %".21" = add i64 %".14", 2
  %".22" = getelementptr i64, ptr %".5", i64 %".21"
  %".23" = load i64, ptr %".22"
  %".24" = add i64 %".14", 3
  %".25" = getelementptr i64, ptr %".5", i64 %".24"
  %".26" = load i64, ptr %".25"
  %".27" = add i64 %".14", 4
  %".28" = getelementptr i64, ptr %".5", i64 %".27"
  %".29" = load i64, ptr %".28"
  %".30" = add i64 %".14", 5
  %".31" = getelementptr i64, ptr %".5", i64 %".30"
  %".32" = load i64, ptr %".31"
  %".33" = add i64 %".14", 6
  %".34" = getelementptr i64, ptr %".5", i64 %".33"
  %".35" = load i64, ptr %".34"
  %".36" = icmp eq i64 %".35", 0
  br label %"head.1"
after:
  ret void
head.1:
  %".38" = phi  i64 [0, %"body"], [%".39", %"body.1.endif"]
  %".39" = add i64 %".38", 1
  %".40" = icmp sle i64 %".39", %".32"
  br i1 %".40", label %"body.1", label %"after.1"
body.1:
  br i1 %".36", label %"body.1.if", label %"body.1.else"
after.1:
  br label %"head"
body.1.if:
  br label %"body.1.endif"
body.1.else:
  %".44" = inttoptr i64 %".35" to ptr
  %".45" = getelementptr i64, ptr %".44", i64 %".38"
  %".46" = load i64, ptr %".45"
  br label %"body.1.endif"
body.1.endif:
  %".48" = phi  i64 [%".38", %"body.1.if"], [%".46", %"body.1.else"]
  %".49" = mul i64 %".48", %".29"
  %".50" = add i64 %".20", %".49"
  %".51" = inttoptr i64 %".50" to ptr
  %".52" = mul i64 %".38", %".26"
  %".53" = add i64 %".17", %".52"
  %".54" = inttoptr i64 %".53" to ptr
  call void @"llvm.memcpy.p0.p0.i64"(ptr %".51", ptr %".54", i64 %".23", i1 0)
  br label %"head.1"
}

define void @"add"(i64 %".1", i64 %".2", i64 %".3")
{
entry:
  %".5" = inttoptr i64 %".1" to ptr
  %".6" = getelementptr i64, ptr %".5", i64 0
  %".7" = load i64, ptr %".6"
  br label %"head"
head:
  %".9" = phi  i64 [0, %"entry"], [%".10", %"after.1"]
  %".10" = add i64 %".9", 1
  %".11" = icmp sle i64 %".10", %".7"
  br i1 %".11", label %"body", label %"after"
body:
  %".13" = mul i64 %".9", 4
  %".14" = add i64 %".13", 1
  %".15" = add i64 %".14", 0
  %".16" = getelementptr i64, ptr %".5", i64 %".15"
  %".17" = load i64, ptr %".16"
  %".18" = add i64 %".14", 1
  %".19" = getelementptr i64, ptr %".5", i64 %".18"
  %".20" = load i64, ptr %".19"
  %".21" = add i64 %".14", 2
  %".22" = getelementptr i64, ptr %".5", i64 %".21"
  %".23" = load i64, ptr %".22"
  %".24" = add i64 %".14", 3
  %".25" = getelementptr i64, ptr %".5", i64 %".24"
  %".26" = load i64, ptr %".25"
  br label %"head.1"
after:
  ret void
head.1:
  %".28" = phi  i64 [0, %"body"], [%".29", %"body.1"]
  %".29" = add i64 %".28", 8
  %".30" = icmp sle i64 %".29", %".26"
  br i1 %".30", label %"body.1", label %"after.1"
body.1:
  %".32" = inttoptr i64 %".17" to ptr
  %".33" = getelementptr float, ptr %".32", i64 %".28"
  %".34" = inttoptr i64 %".20" to ptr
  %".35" = getelementptr float, ptr %".34", i64 %".28"
  %".36" = inttoptr i64 %".23" to ptr
  %".37" = getelementptr float, ptr %".36", i64 %".28"
  %".38" = load <8 x float>, ptr %".33", align 4
  %".39" = load <8 x float>, ptr %".35", align 4
  %".40" = fadd <8 x float> %".38", %".39"
  store <8 x float> %".40", ptr %".37", align 4
  br label %"head.1"
after.1:
  %".43" = sub i64 %".26", %".28"
  %".44" = trunc i64 %".43" to i32
  %".45" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".44", i32 0
  %".46" = shufflevector <8 x i32> %".45", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".47" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".46"
  %".48" = inttoptr i64 %".17" to ptr
  %".49" = getelementptr float, ptr %".48", i64 %".28"
  %".50" = inttoptr i64 %".20" to ptr
  %".51" = getelementptr float, ptr %".50", i64 %".28"
  %".52" = inttoptr i64 %".23" to ptr
  %".53" = getelementptr float, ptr %".52", i64 %".28"
  %".54" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".49", i32 4, <8 x i1> %".47", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".55" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".51", i32 4, <8 x i1> %".47", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".56" = fadd <8 x float> %".54", %".55"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".56", ptr %".53", i32 4, <8 x i1> %".47")
  br label %"head"
}

define void @"pack"(i64 %".1", i64 %".2", i64 %".3")
{
entry:
  %".5" = inttoptr i64 %".1" to ptr
  %".6" = getelementptr i64, ptr %".5", i64 0
  %".7" = load i64, ptr %".6"
  br label %"head"
head:
  %".9" = phi  i64 [0, %"entry"], [%".10", %"after.1"]
  %".10" = add i64 %".9", 1
  %".11" = icmp sle i64 %".10", %".7"
  br i1 %".11", label %"body", label %"after"
body:
  %".13" = mul i64 %".9", 10
  %".14" = add i64 %".13", 1
  %".15" = add i64 %".14", 0
  %".16" = getelementptr i64, ptr %".5", i64 %".15"
  %".17" = load i64, ptr %".16"
  %".18" = add i64 %".14", 1
  %".19" = getelementptr i64, ptr %".5", i64 %".18"
  %".20" = load i64, ptr %".19"
  %".21" = add i64 %".14", 2
  %".22" = getelementptr i64, ptr %".5", i64 %".21"
  %".23" = load i64, ptr %".22"
  %".24" = add i64 %".14", 3
  %".25" = getelementptr i64, ptr %".5", i64 %".24"
  %".26" = load i64, ptr %".25"
  %".27" = add i64 %".14", 4
  %".28" = getelementptr i64, ptr %".5", i64 %".27"
  %".29" = load i64, ptr %".28"
  %".30" = add i64 %".14", 5
  %".31" = getelementptr i64, ptr %".5", i64 %".30"
  %".32" = load i64, ptr %".31"
  %".33" = add i64 %".14", 6
  %".34" = getelementptr i64, ptr %".5", i64 %".33"
  %".35" = load i64, ptr %".34"
  %".36" = add i64 %".14", 7
  %".37" = getelementptr i64, ptr %".5", i64 %".36"
  %".38" = load i64, ptr %".37"
  %".39" = add i64 %".14", 8
  %".40" = getelementptr i64, ptr %".5", i64 %".39"
  %".41" = load i64, ptr %".40"
  %".42" = add i64 %".14", 9
  %".43" = getelementptr i64, ptr %".5", i64 %".42"
  %".44" = load i64, ptr %".43"
  %".45" = add i64 %".35", %".29"
  %".46" = sub i64 %".45", 1
  %".47" = sdiv i64 %".46", 8
  %".48" = add i64 %".47", 1
  %".49" = sdiv i64 %".35", 8
  %".50" = sub i64 %".48", %".49"
  %".51" = sub i64 %".50", %".2"
  %".52" = sub i64 %".3", 1
  %".53" = add i64 %".51", %".52"
  %".54" = sdiv i64 %".53", %".3"
  br label %"head.1"
after:
  ret void
head.1:
  %".56" = phi  i64 [0, %"body"], [%".57", %"body.1.endif"]
  %".57" = add i64 %".56", 1
  %".58" = icmp sle i64 %".57", %".54"
  br i1 %".58", label %"body.1", label %"after.1"
body.1:
  %".60" = sdiv i64 %".35", 8
  %".61" = mul i64 %".56", %".3"
  %".62" = add i64 %".61", %".2"
  %".63" = add i64 %".60", %".62"
  %".64" = mul i64 %".63", 8
  %".65" = insertelement <8 x i64> <i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef>, i64 %".64", i32 0
  %".66" = shufflevector <8 x i64> %".65", <8 x i64> <i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".67" = add <8 x i64> %".66", <i64 0, i64 1, i64 2, i64 3, i64 4, i64 5, i64 6, i64 7>
  %".68" = insertelement <8 x i64> <i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef>, i64 %".35", i32 0
  %".69" = shufflevector <8 x i64> %".68", <8 x i64> <i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".70" = sub i64 %".45", 1
  %".71" = insertelement <8 x i64> <i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef>, i64 %".70", i32 0
  %".72" = shufflevector <8 x i64> %".71", <8 x i64> <i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".73" = icmp sge <8 x i64> %".67", %".69"
  %".74" = icmp sle <8 x i64> %".67", %".72"
  %".75" = and <8 x i1> %".73", %".74"
  %".76" = sdiv i64 %".63", 2
  %".77" = mul i64 %".41", 64
  %".78" = mul i64 %".76", %".77"
  %".79" = add i64 %".38", %".78"
  %".80" = mul i64 %".32", 64
  %".81" = srem i64 %".63", 2
  %".82" = mul i64 %".81", 32
  %".83" = add i64 %".80", %".82"
  %".84" = add i64 %".79", %".83"
  %".85" = icmp eq i64 %".23", 4
  br i1 %".85", label %"body.1.if", label %"body.1.else"
after.1:
  br label %"head"
body.1.if:
  br label %"head.2"
body.1.else:
  %".106" = add i64 %".26", 7
  %".107" = sdiv i64 %".106", 8
  br label %"head.3"
body.1.endif:
  br label %"head.1"
head.2:
  %".88" = phi  i64 [0, %"body.1.if"], [%".89", %"body.2"]
  %".89" = add i64 %".88", 1
  %".90" = icmp sle i64 %".89", %".26"
  br i1 %".90", label %"body.2", label %"after.2"
body.2:
  %".92" = mul i64 %".63", 8
  %".93" = sub i64 %".92", %".35"
  %".94" = mul i64 %".93", %".23"
  %".95" = mul i64 %".88", %".20"
  %".96" = add i64 %".95", %".94"
  %".97" = add i64 %".17", %".96"
  %".98" = inttoptr i64 %".97" to ptr
  %".99" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".98", i32 4, <8 x i1> %".75", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".100" = mul i64 %".88", 64
  %".101" = add i64 %".84", %".100"
  %".102" = inttoptr i64 %".101" to ptr
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".99", ptr %".102", i32 4, <8 x i1> %".75")
  br label %"head.2"
after.2:
  br label %"body.1.endif"
head.3:
  %".109" = phi  i64 [0, %"body.1.else"], [%".110", %"body.3"]
  %".110" = add i64 %".109", 1
  %".111" = icmp sle i64 %".110", %".107"
  br i1 %".111", label %"body.3", label %"after.3"
body.3:
  %".113" = mul i64 %".109", 8
  %".114" = sub i64 %".26", %".113"
  %".115" = trunc i64 %".114" to i32
  %".116" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".115", i32 0
  %".117" = shufflevector <8 x i32> %".116", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".118" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".117"
  %".119" = icmp slt <8 x i64> %".67", %".69"
  %".120" = select  <8 x i1> %".119", <8 x i64> %".69", <8 x i64> %".67"
  %".121" = icmp sgt <8 x i64> %".120", %".72"
  %".122" = select  <8 x i1> %".121", <8 x i64> %".72", <8 x i64> %".120"
  %".123" = sub <8 x i64> %".122", %".69"
  %".124" = insertelement <8 x i64> <i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef>, i64 %".23", i32 0
  %".125" = shufflevector <8 x i64> %".124", <8 x i64> <i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef, i64 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".126" = mul <8 x i64> %".123", %".125"
  %".127" = mul i64 %".113", %".20"
  %".128" = add i64 %".17", %".127"
  %".129" = extractelement <8 x i64> %".126", i64 0
  %".130" = add i64 %".128", %".129"
  %".131" = extractelement <8 x i64> %".126", i64 1
  %".132" = add i64 %".128", %".131"
  %".133" = extractelement <8 x i64> %".126", i64 2
  %".134" = add i64 %".128", %".133"
  %".135" = extractelement <8 x i64> %".126", i64 3
  %".136" = add i64 %".128", %".135"
  %".137" = extractelement <8 x i64> %".126", i64 4
  %".138" = add i64 %".128", %".137"
  %".139" = extractelement <8 x i64> %".126", i64 5
  %".140" = add i64 %".128", %".139"
  %".141" = extractelement <8 x i64> %".126", i64 6
  %".142" = add i64 %".128", %".141"
  %".143" = extractelement <8 x i64> %".126", i64 7
  %".144" = add i64 %".128", %".143"
  %".145" = inttoptr i64 %".130" to ptr
  %".146" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".145", i32 4, <8 x i1> %".118", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".147" = inttoptr i64 %".132" to ptr
  %".148" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".147", i32 4, <8 x i1> %".118", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".149" = inttoptr i64 %".134" to ptr
  %".150" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".149", i32 4, <8 x i1> %".118", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".151" = inttoptr i64 %".136" to ptr
  %".152" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".151", i32 4, <8 x i1> %".118", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".153" = inttoptr i64 %".138" to ptr
  %".154" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".153", i32 4, <8 x i1> %".118", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".155" = inttoptr i64 %".140" to ptr
  %".156" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".155", i32 4, <8 x i1> %".118", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".157" = inttoptr i64 %".142" to ptr
  %".158" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".157", i32 4, <8 x i1> %".118", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".159" = inttoptr i64 %".144" to ptr
  %".160" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".159", i32 4, <8 x i1> %".118", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".161" = shufflevector <8 x float> %".146", <8 x float> %".148", <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %".162" = shufflevector <8 x float> %".146", <8 x float> %".148", <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %".163" = shufflevector <8 x float> %".150", <8 x float> %".152", <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %".164" = shufflevector <8 x float> %".150", <8 x float> %".152", <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %".165" = shufflevector <8 x float> %".154", <8 x float> %".156", <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %".166" = shufflevector <8 x float> %".154", <8 x float> %".156", <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %".167" = shufflevector <8 x float> %".158", <8 x float> %".160", <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %".168" = shufflevector <8 x float> %".158", <8 x float> %".160", <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %".169" = shufflevector <8 x float> %".161", <8 x float> %".163", <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %".170" = shufflevector <8 x float> %".161", <8 x float> %".163", <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %".171" = shufflevector <8 x float> %".162", <8 x float> %".164", <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %".172" = shufflevector <8 x float> %".162", <8 x float> %".164", <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %".173" = shufflevector <8 x float> %".165", <8 x float> %".167", <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %".174" = shufflevector <8 x float> %".165", <8 x float> %".167", <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %".175" = shufflevector <8 x float> %".166", <8 x float> %".168", <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %".176" = shufflevector <8 x float> %".166", <8 x float> %".168", <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %".177" = shufflevector <8 x float> %".169", <8 x float> %".173", <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %".178" = shufflevector <8 x float> %".169", <8 x float> %".173", <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %".179" = shufflevector <8 x float> %".171", <8 x float> %".175", <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %".180" = shufflevector <8 x float> %".171", <8 x float> %".175", <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %".181" = shufflevector <8 x float> %".170", <8 x float> %".174", <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %".182" = shufflevector <8 x float> %".170", <8 x float> %".174", <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %".183" = shufflevector <8 x float> %".172", <8 x float> %".176", <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %".184" = shufflevector <8 x float> %".172", <8 x float> %".176", <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %".185" = icmp slt i64 0, %".114"
  %".186" = add i64 %".113", 0
  %".187" = insertelement <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, i1 %".185", i32 0
  %".188" = shufflevector <8 x i1> %".187", <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".189" = and <8 x i1> %".75", %".188"
  %".190" = mul i64 %".186", 64
  %".191" = add i64 %".84", %".190"
  %".192" = inttoptr i64 %".191" to ptr
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".177", ptr %".192", i32 4, <8 x i1> %".189")
  %".194" = icmp slt i64 1, %".114"
  %".195" = add i64 %".113", 1
  %".196" = insertelement <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, i1 %".194", i32 0
  %".197" = shufflevector <8 x i1> %".196", <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".198" = and <8 x i1> %".75", %".197"
  %".199" = mul i64 %".195", 64
  %".200" = add i64 %".84", %".199"
  %".201" = inttoptr i64 %".200" to ptr
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".179", ptr %".201", i32 4, <8 x i1> %".198")
  %".203" = icmp slt i64 2, %".114"
  %".204" = add i64 %".113", 2
  %".205" = insertelement <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, i1 %".203", i32 0
  %".206" = shufflevector <8 x i1> %".205", <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".207" = and <8 x i1> %".75", %".206"
  %".208" = mul i64 %".204", 64
  %".209" = add i64 %".84", %".208"
  %".210" = inttoptr i64 %".209" to ptr
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".181", ptr %".210", i32 4, <8 x i1> %".207")
  %".212" = icmp slt i64 3, %".114"
  %".213" = add i64 %".113", 3
  %".214" = insertelement <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, i1 %".212", i32 0
  %".215" = shufflevector <8 x i1> %".214", <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".216" = and <8 x i1> %".75", %".215"
  %".217" = mul i64 %".213", 64
  %".218" = add i64 %".84", %".217"
  %".219" = inttoptr i64 %".218" to ptr
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".183", ptr %".219", i32 4, <8 x i1> %".216")
  %".221" = icmp slt i64 4, %".114"
  %".222" = add i64 %".113", 4
  %".223" = insertelement <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, i1 %".221", i32 0
  %".224" = shufflevector <8 x i1> %".223", <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".225" = and <8 x i1> %".75", %".224"
  %".226" = mul i64 %".222", 64
  %".227" = add i64 %".84", %".226"
  %".228" = inttoptr i64 %".227" to ptr
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".178", ptr %".228", i32 4, <8 x i1> %".225")
  %".230" = icmp slt i64 5, %".114"
  %".231" = add i64 %".113", 5
  %".232" = insertelement <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, i1 %".230", i32 0
  %".233" = shufflevector <8 x i1> %".232", <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".234" = and <8 x i1> %".75", %".233"
  %".235" = mul i64 %".231", 64
  %".236" = add i64 %".84", %".235"
  %".237" = inttoptr i64 %".236" to ptr
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".180", ptr %".237", i32 4, <8 x i1> %".234")
  %".239" = icmp slt i64 6, %".114"
  %".240" = add i64 %".113", 6
  %".241" = insertelement <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, i1 %".239", i32 0
  %".242" = shufflevector <8 x i1> %".241", <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".243" = and <8 x i1> %".75", %".242"
  %".244" = mul i64 %".240", 64
  %".245" = add i64 %".84", %".244"
  %".246" = inttoptr i64 %".245" to ptr
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".182", ptr %".246", i32 4, <8 x i1> %".243")
  %".248" = icmp slt i64 7, %".114"
  %".249" = add i64 %".113", 7
  %".250" = insertelement <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, i1 %".248", i32 0
  %".251" = shufflevector <8 x i1> %".250", <8 x i1> <i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef, i1 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".252" = and <8 x i1> %".75", %".251"
  %".253" = mul i64 %".249", 64
  %".254" = add i64 %".84", %".253"
  %".255" = inttoptr i64 %".254" to ptr
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".184", ptr %".255", i32 4, <8 x i1> %".252")
  br label %"head.3"
after.3:
  br label %"body.1.endif"
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

define internal void @"pack.inside"(ptr %".1")
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
  call void @"pack"(i64 %".4", i64 %".21", i64 %".6")
  br label %"head"
after:
  ret void
}

define void @"pack.team"(i64 %".1", i64 %".2", i64 %".3")
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
  call void @"GOMP_parallel"(void (ptr)* @"pack.inside", ptr %".7", i32 %".12", i32 0)
  ret void
}
