; ModuleID = "recurra"
target triple = "x86_64-unknown-linux-gnu"
target datalayout = ""

define void @"loop"(i64 %".1", i64 %".2", i64 %".3")
{
entry:
  %".6" = inttoptr i64 %".1" to ptr
  %".7" = getelementptr i64, ptr %".6", i64 7
  %".8" = load i64, ptr %".7"
  %".9" = inttoptr i64 %".1" to ptr
  %".10" = getelementptr i64, ptr %".9", i64 0
  %".11" = load i64, ptr %".10"
  %".12" = inttoptr i64 %".1" to ptr
  %".13" = getelementptr i64, ptr %".12", i64 1
  %".14" = load i64, ptr %".13"
  %".21" = inttoptr i64 %".1" to ptr
  %".22" = getelementptr i64, ptr %".21", i64 3
  %".23" = load i64, ptr %".22"
  %".27" = inttoptr i64 %".1" to ptr
  %".28" = getelementptr i64, ptr %".27", i64 2
  %".29" = load i64, ptr %".28"
  %".46" = inttoptr i64 %".1" to ptr
  %".47" = getelementptr i64, ptr %".46", i64 13
  %".48" = load i64, ptr %".47"
  %".77" = inttoptr i64 %".1" to ptr
  %".78" = getelementptr i64, ptr %".77", i64 14
  %".79" = load i64, ptr %".78"
  %".80" = inttoptr i64 %".1" to ptr
  %".81" = getelementptr i64, ptr %".80", i64 15
  %".82" = load i64, ptr %".81"
  %".92" = inttoptr i64 %".1" to ptr
  %".93" = getelementptr i64, ptr %".92", i64 16
  %".94" = load i64, ptr %".93"
  %".95" = inttoptr i64 %".1" to ptr
  %".96" = getelementptr i64, ptr %".95", i64 17
  %".97" = load i64, ptr %".96"
  %".105" = inttoptr i64 %".1" to ptr
  %".106" = getelementptr i64, ptr %".105", i64 18
  %".107" = load i64, ptr %".106"
  %".108" = inttoptr i64 %".1" to ptr
  %".109" = getelementptr i64, ptr %".108", i64 19
  %".110" = load i64, ptr %".109"
  %".119" = inttoptr i64 %".1" to ptr
  %".120" = getelementptr i64, ptr %".119", i64 20
  %".121" = load i64, ptr %".120"
  %".122" = inttoptr i64 %".1" to ptr
  %".123" = getelementptr i64, ptr %".122", i64 21
  %".124" = load i64, ptr %".123"
  %".185" = inttoptr i64 %".1" to ptr
  %".186" = getelementptr i64, ptr %".185", i64 11
  %".187" = load i64, ptr %".186"
  %".189" = inttoptr i64 %".1" to ptr
  %".190" = getelementptr i64, ptr %".189", i64 23
  %".191" = load i64, ptr %".190"
  %".202" = inttoptr i64 %".1" to ptr
  %".203" = getelementptr i64, ptr %".202", i64 24
  %".204" = load i64, ptr %".203"
  %".205" = inttoptr i64 %".1" to ptr
  %".206" = getelementptr i64, ptr %".205", i64 5
  %".207" = load i64, ptr %".206"
  %".209" = inttoptr i64 %".1" to ptr
  %".210" = getelementptr i64, ptr %".209", i64 25
  %".211" = load i64, ptr %".210"
  %".217" = inttoptr i64 %".1" to ptr
  %".218" = getelementptr i64, ptr %".217", i64 22
  %".219" = load i64, ptr %".218"
  %".406" = inttoptr i64 %".1" to ptr
  %".407" = getelementptr i64, ptr %".406", i64 26
  %".408" = load i64, ptr %".407"
  %".409" = inttoptr i64 %".1" to ptr
  %".410" = getelementptr i64, ptr %".409", i64 27
  %".411" = load i64, ptr %".410"
  br label %"start"
start:
  br label %"head"
head:
  %".16" = phi  i64 [%".11", %"start"], [%".17", %"body.endif"]
  %".17" = add i64 %".16", 1
  %".18" = icmp sle i64 %".17", %".14"
  br i1 %".18", label %"body", label %"after"
body:
  %".20" = add i64 %".16", 1
  %".24" = inttoptr i64 %".23" to ptr
  %".25" = getelementptr i64, ptr %".24", i64 %".16"
  %".26" = load i64, ptr %".25"
  %".30" = inttoptr i64 %".29" to ptr
  %".31" = getelementptr i64, ptr %".30", i64 %".16"
  %".32" = load i64, ptr %".31"
  %".33" = icmp slt i64 %".26", %".8"
  %".34" = select  i1 %".33", i64 %".26", i64 %".8"
  %".35" = and i64 %".16", 1
  %".36" = mul i64 %".35", %".8"
  %".37" = inttoptr i64 %".29" to ptr
  %".38" = getelementptr i64, ptr %".37", i64 %".20"
  %".39" = load i64, ptr %".38"
  %".40" = sub i64 %".8", %".36"
  %".41" = inttoptr i64 %".23" to ptr
  %".42" = getelementptr i64, ptr %".41", i64 %".20"
  %".43" = load i64, ptr %".42"
  %".44" = icmp slt i64 0, %".34"
  br i1 %".44", label %"body.if", label %"body.endif"
after:
  ret void
body.if:
  %".49" = mul i64 %".34", %".2"
  %".50" = sdiv i64 %".49", %".3"
  %".51" = add i64 %".2", 1
  %".52" = mul i64 %".34", %".51"
  %".53" = sdiv i64 %".52", %".3"
  %".54" = sub i64 8, 1
  %".55" = add i64 %".48", %".54"
  %".56" = sdiv i64 %".55", 8
  %".57" = mul i64 %".56", %".2"
  %".58" = sdiv i64 %".57", %".3"
  %".59" = add i64 %".2", 1
  %".60" = mul i64 %".56", %".59"
  %".61" = sdiv i64 %".60", %".3"
  %".62" = mul i64 %".58", 8
  %".63" = mul i64 %".61", 8
  %".64" = icmp slt i64 %".63", %".48"
  %".65" = select  i1 %".64", i64 %".63", i64 %".48"
  %".66" = icmp sge i64 %".34", %".3"
  %".67" = select  i1 %".66", i64 %".50", i64 0
  %".68" = select  i1 %".66", i64 %".53", i64 %".34"
  %".69" = select  i1 %".66", i64 0, i64 %".62"
  %".70" = select  i1 %".66", i64 %".48", i64 %".65"
  br label %"head.1"
body.endif:
  br label %"head"
head.1:
  %".72" = phi  i64 [%".67", %"body.if"], [%".73", %"after.3.endif"]
  %".73" = add i64 %".72", 1
  %".74" = icmp sle i64 %".73", %".68"
  br i1 %".74", label %"body.1", label %"after.1"
body.1:
  %".76" = add i64 %".32", %".72"
  %".83" = mul i64 %".82", 4
  %".84" = mul i64 %".76", %".83"
  %".85" = add i64 %".79", %".84"
  %".91" = add i64 %".32", %".72"
  %".98" = mul i64 %".97", 4
  %".99" = mul i64 %".91", %".98"
  %".100" = add i64 %".94", %".99"
  %".104" = add i64 %".36", %".72"
  %".111" = mul i64 %".110", 4
  %".112" = mul i64 %".104", %".111"
  %".113" = add i64 %".107", %".112"
  %".118" = add i64 %".32", %".72"
  %".125" = mul i64 %".124", 4
  %".126" = mul i64 %".118", %".125"
  %".127" = add i64 %".121", %".126"
  br label %"head.2"
after.1:
  call void @"barrier"(i64 %".187", i64 %".3")
  %".192" = mul i64 %".191", %".2"
  %".193" = sdiv i64 %".192", %".3"
  %".194" = add i64 %".2", 1
  %".195" = mul i64 %".191", %".194"
  %".196" = sdiv i64 %".195", %".3"
  %".197" = add i64 %".32", 0
  %".198" = mul i64 %".82", 4
  %".199" = mul i64 %".197", %".198"
  %".200" = add i64 %".79", %".199"
  %".201" = sub i64 0, 0
  %".208" = add i64 %".204", %".207"
  %".212" = mul i64 %".211", 4
  %".213" = mul i64 %".201", %".212"
  %".214" = add i64 %".208", %".213"
  %".215" = mul i64 %".211", 4
  %".216" = sub i64 %".34", 0
  %".220" = add i64 1, %".48"
  %".221" = mul i64 %".220", 64
  %".222" = icmp slt i64 %".216", 4
  br i1 %".222", label %"after.1.if", label %"after.1.else"
head.2:
  %".87" = phi  i64 [%".69", %"body.1"], [%".88", %"body.2"]
  %".88" = add i64 %".87", 16
  %".89" = icmp sle i64 %".88", %".70"
  br i1 %".89", label %"body.2", label %"after.2"
body.2:
  %".101" = inttoptr i64 %".100" to ptr
  %".102" = getelementptr float, ptr %".101", i64 %".87"
  %".103" = load <16 x float>, ptr %".102", align 4
  %".114" = inttoptr i64 %".113" to ptr
  %".115" = getelementptr float, ptr %".114", i64 %".87"
  %".116" = load <16 x float>, ptr %".115", align 4
  %".117" = fadd <16 x float> %".103", %".116"
  %".128" = inttoptr i64 %".127" to ptr
  %".129" = getelementptr float, ptr %".128", i64 %".87"
  %".130" = load <16 x float>, ptr %".129", align 4
  %".131" = fmul <16 x float> %".130", %".130"
  %".132" = fsub <16 x float> <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>, %".131"
  %".133" = fmul <16 x float> %".117", %".132"
  %".134" = inttoptr i64 %".85" to ptr
  %".135" = getelementptr float, ptr %".134", i64 %".87"
  store <16 x float> %".133", ptr %".135", align 4
  br label %"head.2"
after.2:
  br label %"head.3"
head.3:
  %".139" = phi  i64 [%".87", %"after.2"], [%".140", %"body.3"]
  %".140" = add i64 %".139", 8
  %".141" = icmp sle i64 %".140", %".70"
  br i1 %".141", label %"body.3", label %"after.3"
body.3:
  %".143" = inttoptr i64 %".100" to ptr
  %".144" = getelementptr float, ptr %".143", i64 %".139"
  %".145" = load <8 x float>, ptr %".144", align 4
  %".146" = inttoptr i64 %".113" to ptr
  %".147" = getelementptr float, ptr %".146", i64 %".139"
  %".148" = load <8 x float>, ptr %".147", align 4
  %".149" = fadd <8 x float> %".145", %".148"
  %".150" = inttoptr i64 %".127" to ptr
  %".151" = getelementptr float, ptr %".150", i64 %".139"
  %".152" = load <8 x float>, ptr %".151", align 4
  %".153" = fmul <8 x float> %".152", %".152"
  %".154" = fsub <8 x float> <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>, %".153"
  %".155" = fmul <8 x float> %".149", %".154"
  %".156" = inttoptr i64 %".85" to ptr
  %".157" = getelementptr float, ptr %".156", i64 %".139"
  store <8 x float> %".155", ptr %".157", align 4
  br label %"head.3"
after.3:
  %".160" = sub i64 %".70", %".139"
  %".161" = icmp sgt i64 %".160", 0
  br i1 %".161", label %"after.3.if", label %"after.3.endif"
after.3.if:
  %".163" = trunc i64 %".160" to i32
  %".164" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".163", i32 0
  %".165" = shufflevector <8 x i32> %".164", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".166" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".165"
  %".167" = inttoptr i64 %".100" to ptr
  %".168" = getelementptr float, ptr %".167", i64 %".139"
  %".169" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".168", i32 4, <8 x i1> %".166", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".170" = inttoptr i64 %".113" to ptr
  %".171" = getelementptr float, ptr %".170", i64 %".139"
  %".172" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".171", i32 4, <8 x i1> %".166", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".173" = fadd <8 x float> %".169", %".172"
  %".174" = inttoptr i64 %".127" to ptr
  %".175" = getelementptr float, ptr %".174", i64 %".139"
  %".176" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".175", i32 4, <8 x i1> %".166", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".177" = fmul <8 x float> %".176", %".176"
  %".178" = fsub <8 x float> <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>, %".177"
  %".179" = fmul <8 x float> %".173", %".178"
  %".180" = inttoptr i64 %".85" to ptr
  %".181" = getelementptr float, ptr %".180", i64 %".139"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".179", ptr %".181", i32 4, <8 x i1> %".166")
  br label %"after.3.endif"
after.3.endif:
  br label %"head.1"
after.1.if:
  br label %"head.4"
after.1.else:
  br label %"head.10"
after.1.endif:
  call void @"barrier"(i64 %".187", i64 %".3")
  %".375" = mul i64 %".34", %".2"
  %".376" = sdiv i64 %".375", %".3"
  %".377" = add i64 %".2", 1
  %".378" = mul i64 %".34", %".377"
  %".379" = sdiv i64 %".378", %".3"
  %".380" = sub i64 8, 1
  %".381" = add i64 %".48", %".380"
  %".382" = sdiv i64 %".381", 8
  %".383" = mul i64 %".382", %".2"
  %".384" = sdiv i64 %".383", %".3"
  %".385" = add i64 %".2", 1
  %".386" = mul i64 %".382", %".385"
  %".387" = sdiv i64 %".386", %".3"
  %".388" = mul i64 %".384", 8
  %".389" = mul i64 %".387", 8
  %".390" = icmp slt i64 %".389", %".48"
  %".391" = select  i1 %".390", i64 %".389", i64 %".48"
  %".392" = icmp sge i64 %".34", %".3"
  %".393" = select  i1 %".392", i64 %".376", i64 0
  %".394" = select  i1 %".392", i64 %".379", i64 %".34"
  %".395" = select  i1 %".392", i64 0, i64 %".388"
  %".396" = select  i1 %".392", i64 %".48", i64 %".391"
  br label %"head.15"
head.4:
  %".225" = phi  i64 [%".193", %"after.1.if"], [%".226", %"after.6"]
  %".226" = add i64 %".225", 2
  %".227" = icmp sle i64 %".226", %".196"
  br i1 %".227", label %"body.4", label %"after.4"
body.4:
  %".229" = mul i64 %".225", %".221"
  %".230" = add i64 %".219", %".229"
  %".231" = mul i64 %".225", 64
  %".232" = add i64 %".214", %".231"
  %".233" = srem i64 %".216", 2
  %".234" = icmp eq i64 %".233", 0
  %".235" = icmp sgt i64 %".216", 2
  %".236" = and i1 %".234", %".235"
  br label %"head.5"
after.4:
  br label %"head.7"
head.5:
  %".238" = phi  i64 [0, %"body.4"], [%".239", %"body.5"]
  %".239" = add i64 %".238", 2
  %".240" = icmp sle i64 %".239", %".216"
  br i1 %".240", label %"body.5", label %"after.5"
body.5:
  %".242" = mul i64 %".82", 4
  %".243" = mul i64 %".238", %".242"
  %".244" = add i64 %".200", %".243"
  %".245" = mul i64 %".82", 4
  %".246" = mul i64 %".238", %".215"
  %".247" = add i64 %".232", %".246"
  call void @"tile_2x2_1"(i64 %".244", i64 %".245", i64 %".48", i64 %".230", i64 %".221", i64 %".247", i64 %".215")
  br label %"head.5"
after.5:
  br label %"head.6"
head.6:
  %".251" = phi  i64 [%".238", %"after.5"], [%".252", %"body.6"]
  %".252" = add i64 %".251", 1
  %".253" = icmp sle i64 %".252", %".216"
  br i1 %".253", label %"body.6", label %"after.6"
body.6:
  %".255" = mul i64 %".82", 4
  %".256" = mul i64 %".251", %".255"
  %".257" = add i64 %".200", %".256"
  %".258" = mul i64 %".82", 4
  %".259" = mul i64 %".251", %".215"
  %".260" = add i64 %".232", %".259"
  call void @"tile_1x2_1"(i64 %".257", i64 %".258", i64 %".48", i64 %".230", i64 %".221", i64 %".260", i64 %".215")
  br label %"head.6"
after.6:
  br label %"head.4"
head.7:
  %".265" = phi  i64 [%".225", %"after.4"], [%".266", %"after.9"]
  %".266" = add i64 %".265", 1
  %".267" = icmp sle i64 %".266", %".196"
  br i1 %".267", label %"body.7", label %"after.7"
body.7:
  %".269" = mul i64 %".265", %".221"
  %".270" = add i64 %".219", %".269"
  %".271" = mul i64 %".265", 64
  %".272" = add i64 %".214", %".271"
  %".273" = srem i64 %".216", 2
  %".274" = icmp eq i64 %".273", 0
  %".275" = icmp sgt i64 %".216", 2
  %".276" = and i1 %".274", %".275"
  br label %"head.8"
after.7:
  br label %"after.1.endif"
head.8:
  %".278" = phi  i64 [0, %"body.7"], [%".279", %"body.8"]
  %".279" = add i64 %".278", 2
  %".280" = icmp sle i64 %".279", %".216"
  br i1 %".280", label %"body.8", label %"after.8"
body.8:
  %".282" = mul i64 %".82", 4
  %".283" = mul i64 %".278", %".282"
  %".284" = add i64 %".200", %".283"
  %".285" = mul i64 %".82", 4
  %".286" = mul i64 %".278", %".215"
  %".287" = add i64 %".272", %".286"
  call void @"tile_2x1_1"(i64 %".284", i64 %".285", i64 %".48", i64 %".270", i64 %".221", i64 %".287", i64 %".215")
  br label %"head.8"
after.8:
  br label %"head.9"
head.9:
  %".291" = phi  i64 [%".278", %"after.8"], [%".292", %"body.9"]
  %".292" = add i64 %".291", 1
  %".293" = icmp sle i64 %".292", %".216"
  br i1 %".293", label %"body.9", label %"after.9"
body.9:
  %".295" = mul i64 %".82", 4
  %".296" = mul i64 %".291", %".295"
  %".297" = add i64 %".200", %".296"
  %".298" = mul i64 %".82", 4
  %".299" = mul i64 %".291", %".215"
  %".300" = add i64 %".272", %".299"
  call void @"tile_1x1_1"(i64 %".297", i64 %".298", i64 %".48", i64 %".270", i64 %".221", i64 %".300", i64 %".215")
  br label %"head.9"
after.9:
  br label %"head.7"
head.10:
  %".306" = phi  i64 [%".193", %"after.1.else"], [%".307", %"after.14"]
  %".307" = add i64 %".306", 1
  %".308" = icmp sle i64 %".307", %".196"
  br i1 %".308", label %"body.10", label %"after.10"
body.10:
  %".310" = mul i64 %".306", %".221"
  %".311" = add i64 %".219", %".310"
  %".312" = mul i64 %".306", 64
  %".313" = add i64 %".214", %".312"
  %".314" = srem i64 %".216", 6
  %".315" = icmp eq i64 %".314", 2
  %".316" = icmp sgt i64 %".216", 6
  %".317" = and i1 %".315", %".316"
  %".318" = sub i64 %".216", 8
  %".319" = select  i1 %".317", i64 %".318", i64 %".216"
  br label %"head.11"
after.10:
  br label %"after.1.endif"
head.11:
  %".321" = phi  i64 [0, %"body.10"], [%".322", %"body.11"]
  %".322" = add i64 %".321", 6
  %".323" = icmp sle i64 %".322", %".319"
  br i1 %".323", label %"body.11", label %"after.11"
body.11:
  %".325" = mul i64 %".82", 4
  %".326" = mul i64 %".321", %".325"
  %".327" = add i64 %".200", %".326"
  %".328" = mul i64 %".82", 4
  %".329" = mul i64 %".321", %".215"
  %".330" = add i64 %".313", %".329"
  call void @"tile_6x1_1"(i64 %".327", i64 %".328", i64 %".48", i64 %".311", i64 %".221", i64 %".330", i64 %".215")
  br label %"head.11"
after.11:
  br label %"head.12"
head.12:
  %".334" = phi  i64 [%".321", %"after.11"], [%".335", %"body.12"]
  %".335" = add i64 %".334", 4
  %".336" = icmp sle i64 %".335", %".216"
  br i1 %".336", label %"body.12", label %"after.12"
body.12:
  %".338" = mul i64 %".82", 4
  %".339" = mul i64 %".334", %".338"
  %".340" = add i64 %".200", %".339"
  %".341" = mul i64 %".82", 4
  %".342" = mul i64 %".334", %".215"
  %".343" = add i64 %".313", %".342"
  call void @"tile_4x1_1"(i64 %".340", i64 %".341", i64 %".48", i64 %".311", i64 %".221", i64 %".343", i64 %".215")
  br label %"head.12"
after.12:
  br label %"head.13"
head.13:
  %".347" = phi  i64 [%".334", %"after.12"], [%".348", %"body.13"]
  %".348" = add i64 %".347", 2
  %".349" = icmp sle i64 %".348", %".216"
  br i1 %".349", label %"body.13", label %"after.13"
body.13:
  %".351" = mul i64 %".82", 4
  %".352" = mul i64 %".347", %".351"
  %".353" = add i64 %".200", %".352"
  %".354" = mul i64 %".82", 4
  %".355" = mul i64 %".347", %".215"
  %".356" = add i64 %".313", %".355"
  call void @"tile_2x1_1"(i64 %".353", i64 %".354", i64 %".48", i64 %".311", i64 %".221", i64 %".356", i64 %".215")
  br label %"head.13"
after.13:
  br label %"head.14"
head.14:
  %".360" = phi  i64 [%".347", %"after.13"], [%".361", %"body.14"]
  %".361" = add i64 %".360", 1
  %".362" = icmp sle i64 %".361", %".216"
  br i1 %".362", label %"body.14", label %"after.14"
body.14:
  %".364" = mul i64 %".82", 4
  %".365" = mul i64 %".360", %".364"
  %".366" = add i64 %".200", %".365"
  %".367" = mul i64 %".82", 4
  %".368" = mul i64 %".360", %".215"
  %".369" = add i64 %".313", %".368"
  call void @"tile_1x1_1"(i64 %".366", i64 %".367", i64 %".48", i64 %".311", i64 %".221", i64 %".369", i64 %".215")
  br label %"head.14"
after.14:
  br label %"head.10"
head.15:
  %".398" = phi  i64 [%".393", %"after.1.endif"], [%".399", %"after.17.endif"]
  %".399" = add i64 %".398", 1
  %".400" = icmp sle i64 %".399", %".394"
  br i1 %".400", label %"body.15", label %"after.15"
body.15:
  %".402" = add i64 %".40", %".398"
  %".403" = mul i64 %".110", 4
  %".404" = mul i64 %".402", %".403"
  %".405" = add i64 %".107", %".404"
  %".412" = mul i64 %".411", 4
  %".413" = mul i64 %".398", %".412"
  %".414" = add i64 %".408", %".413"
  %".415" = icmp slt i64 %".398", %".43"
  %".416" = select  i1 %".415", i64 %".405", i64 %".414"
  %".422" = sub i64 %".398", 0
  %".423" = add i64 %".204", %".207"
  %".424" = mul i64 %".211", 4
  %".425" = mul i64 %".422", %".424"
  %".426" = add i64 %".423", %".425"
  br label %"head.16"
after.15:
  call void @"barrier"(i64 %".187", i64 %".3")
  br label %"body.endif"
head.16:
  %".418" = phi  i64 [%".395", %"body.15"], [%".419", %"body.16"]
  %".419" = add i64 %".418", 16
  %".420" = icmp sle i64 %".419", %".396"
  br i1 %".420", label %"body.16", label %"after.16"
body.16:
  %".427" = inttoptr i64 %".426" to ptr
  %".428" = getelementptr float, ptr %".427", i64 %".418"
  %".429" = load <16 x float>, ptr %".428", align 4
  %".430" = inttoptr i64 %".416" to ptr
  %".431" = getelementptr float, ptr %".430", i64 %".418"
  store <16 x float> %".429", ptr %".431", align 4
  br label %"head.16"
after.16:
  br label %"head.17"
head.17:
  %".435" = phi  i64 [%".418", %"after.16"], [%".436", %"body.17"]
  %".436" = add i64 %".435", 8
  %".437" = icmp sle i64 %".436", %".396"
  br i1 %".437", label %"body.17", label %"after.17"
body.17:
  %".439" = inttoptr i64 %".426" to ptr
  %".440" = getelementptr float, ptr %".439", i64 %".435"
  %".441" = load <8 x float>, ptr %".440", align 4
  %".442" = inttoptr i64 %".416" to ptr
  %".443" = getelementptr float, ptr %".442", i64 %".435"
  store <8 x float> %".441", ptr %".443", align 4
  br label %"head.17"
after.17:
  %".446" = sub i64 %".396", %".435"
  %".447" = icmp sgt i64 %".446", 0
  br i1 %".447", label %"after.17.if", label %"after.17.endif"
after.17.if:
  %".449" = trunc i64 %".446" to i32
  %".450" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".449", i32 0
  %".451" = shufflevector <8 x i32> %".450", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".452" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".451"
  %".453" = inttoptr i64 %".426" to ptr
  %".454" = getelementptr float, ptr %".453", i64 %".435"
  %".455" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".454", i32 4, <8 x i1> %".452", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".456" = inttoptr i64 %".416" to ptr
  %".457" = getelementptr float, ptr %".456", i64 %".435"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".455", ptr %".457", i32 4, <8 x i1> %".452")
  br label %"after.17.endif"
after.17.endif:
  br label %"head.15"
}

declare <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".1", i32 %".2", <8 x i1> %".3", <8 x float> %".4")

declare void @"llvm.masked.store.v8f32.p0"(<8 x float> %".1", ptr %".2", i32 %".3", <8 x i1> %".4")

declare i32 @"sched_yield"()

define internal void @"barrier"(i64 %".1", i64 %".2") noinline
{
entry:
  %".4" = inttoptr i64 %".1" to ptr
  %".5" = atomicrmw add ptr %".4", i64 1 seq_cst
  %".6" = sdiv i64 %".5", %".2"
  %".7" = add i64 %".6", 1
  %".8" = mul i64 %".7", %".2"
  br label %"head"
head:
  %".10" = phi  i64 [0, %"entry"], [%".14", %"wait"], [%".14", %"give_way"]
  %".11" = load atomic i64, ptr %".4" acquire, align 8
  %".12" = icmp sge i64 %".11", %".8"
  br i1 %".12", label %"done", label %"wait"
wait:
  %".14" = add i64 %".10", 1
  %".15" = icmp sgt i64 %".10", 2000
  br i1 %".15", label %"give_way", label %"head"
give_way:
  %".17" = call i32 @"sched_yield"()
  br label %"head"
done:
  ret void
}

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
  %".11" = sub i64 %".10", %".8"
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
  call void @"loop"(i64 %".4", i64 %".21", i64 %".10")
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
