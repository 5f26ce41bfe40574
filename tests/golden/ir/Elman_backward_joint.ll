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
  %".13" = getelementptr i64, ptr %".12", i64 7
  %".14" = load i64, ptr %".13"
  %".15" = inttoptr i64 %".1" to ptr
  %".16" = getelementptr i64, ptr %".15", i64 0
  %".17" = load i64, ptr %".16"
  %".18" = inttoptr i64 %".1" to ptr
  %".19" = getelementptr i64, ptr %".18", i64 1
  %".20" = load i64, ptr %".19"
  %".27" = inttoptr i64 %".1" to ptr
  %".28" = getelementptr i64, ptr %".27", i64 3
  %".29" = load i64, ptr %".28"
  %".33" = inttoptr i64 %".1" to ptr
  %".34" = getelementptr i64, ptr %".33", i64 2
  %".35" = load i64, ptr %".34"
  %".52" = inttoptr i64 %".1" to ptr
  %".53" = getelementptr i64, ptr %".52", i64 13
  %".54" = load i64, ptr %".53"
  %".83" = inttoptr i64 %".1" to ptr
  %".84" = getelementptr i64, ptr %".83", i64 14
  %".85" = load i64, ptr %".84"
  %".86" = inttoptr i64 %".1" to ptr
  %".87" = getelementptr i64, ptr %".86", i64 15
  %".88" = load i64, ptr %".87"
  %".98" = inttoptr i64 %".1" to ptr
  %".99" = getelementptr i64, ptr %".98", i64 16
  %".100" = load i64, ptr %".99"
  %".101" = inttoptr i64 %".1" to ptr
  %".102" = getelementptr i64, ptr %".101", i64 17
  %".103" = load i64, ptr %".102"
  %".111" = inttoptr i64 %".1" to ptr
  %".112" = getelementptr i64, ptr %".111", i64 18
  %".113" = load i64, ptr %".112"
  %".114" = inttoptr i64 %".1" to ptr
  %".115" = getelementptr i64, ptr %".114", i64 19
  %".116" = load i64, ptr %".115"
  %".125" = inttoptr i64 %".1" to ptr
  %".126" = getelementptr i64, ptr %".125", i64 20
  %".127" = load i64, ptr %".126"
  %".128" = inttoptr i64 %".1" to ptr
  %".129" = getelementptr i64, ptr %".128", i64 21
  %".130" = load i64, ptr %".129"
  %".191" = inttoptr i64 %".1" to ptr
  %".192" = getelementptr i64, ptr %".191", i64 11
  %".193" = load i64, ptr %".192"
  %".195" = inttoptr i64 %".1" to ptr
  %".196" = getelementptr i64, ptr %".195", i64 23
  %".197" = load i64, ptr %".196"
  %".208" = inttoptr i64 %".1" to ptr
  %".209" = getelementptr i64, ptr %".208", i64 24
  %".210" = load i64, ptr %".209"
  %".211" = inttoptr i64 %".1" to ptr
  %".212" = getelementptr i64, ptr %".211", i64 5
  %".213" = load i64, ptr %".212"
  %".215" = inttoptr i64 %".1" to ptr
  %".216" = getelementptr i64, ptr %".215", i64 25
  %".217" = load i64, ptr %".216"
  %".223" = inttoptr i64 %".1" to ptr
  %".224" = getelementptr i64, ptr %".223", i64 22
  %".225" = load i64, ptr %".224"
  %".412" = inttoptr i64 %".1" to ptr
  %".413" = getelementptr i64, ptr %".412", i64 26
  %".414" = load i64, ptr %".413"
  %".415" = inttoptr i64 %".1" to ptr
  %".416" = getelementptr i64, ptr %".415", i64 27
  %".417" = load i64, ptr %".416"
  br label %"start"
start:
  br label %"head"
head:
  %".22" = phi  i64 [%".17", %"start"], [%".23", %"body.endif"]
  %".23" = add i64 %".22", 1
  %".24" = icmp sle i64 %".23", %".20"
  br i1 %".24", label %"body", label %"after"
body:
  %".26" = add i64 %".22", 1
  %".30" = inttoptr i64 %".29" to ptr
  %".31" = getelementptr i64, ptr %".30", i64 %".22"
  %".32" = load i64, ptr %".31"
  %".36" = inttoptr i64 %".35" to ptr
  %".37" = getelementptr i64, ptr %".36", i64 %".22"
  %".38" = load i64, ptr %".37"
  %".39" = icmp slt i64 %".32", %".14"
  %".40" = select  i1 %".39", i64 %".32", i64 %".14"
  %".41" = and i64 %".22", 1
  %".42" = mul i64 %".41", %".14"
  %".43" = inttoptr i64 %".35" to ptr
  %".44" = getelementptr i64, ptr %".43", i64 %".26"
  %".45" = load i64, ptr %".44"
  %".46" = sub i64 %".14", %".42"
  %".47" = inttoptr i64 %".29" to ptr
  %".48" = getelementptr i64, ptr %".47", i64 %".26"
  %".49" = load i64, ptr %".48"
  %".50" = icmp slt i64 0, %".40"
  br i1 %".50", label %"body.if", label %"body.endif"
after:
  store i32 %".8", i32* %".6"
  call void @"llvm.x86.sse.ldmxcsr"(i32* %".6")
  ret void
body.if:
  %".55" = mul i64 %".40", %".2"
  %".56" = sdiv i64 %".55", %".3"
  %".57" = add i64 %".2", 1
  %".58" = mul i64 %".40", %".57"
  %".59" = sdiv i64 %".58", %".3"
  %".60" = sub i64 8, 1
  %".61" = add i64 %".54", %".60"
  %".62" = sdiv i64 %".61", 8
  %".63" = mul i64 %".62", %".2"
  %".64" = sdiv i64 %".63", %".3"
  %".65" = add i64 %".2", 1
  %".66" = mul i64 %".62", %".65"
  %".67" = sdiv i64 %".66", %".3"
  %".68" = mul i64 %".64", 8
  %".69" = mul i64 %".67", 8
  %".70" = icmp slt i64 %".69", %".54"
  %".71" = select  i1 %".70", i64 %".69", i64 %".54"
  %".72" = icmp sge i64 %".40", %".3"
  %".73" = select  i1 %".72", i64 %".56", i64 0
  %".74" = select  i1 %".72", i64 %".59", i64 %".40"
  %".75" = select  i1 %".72", i64 0, i64 %".68"
  %".76" = select  i1 %".72", i64 %".54", i64 %".71"
  br label %"head.1"
body.endif:
  br label %"head"
head.1:
  %".78" = phi  i64 [%".73", %"body.if"], [%".79", %"after.3.endif"]
  %".79" = add i64 %".78", 1
  %".80" = icmp sle i64 %".79", %".74"
  br i1 %".80", label %"body.1", label %"after.1"
body.1:
  %".82" = add i64 %".38", %".78"
  %".89" = mul i64 %".88", 4
  %".90" = mul i64 %".82", %".89"
  %".91" = add i64 %".85", %".90"
  %".97" = add i64 %".38", %".78"
  %".104" = mul i64 %".103", 4
  %".105" = mul i64 %".97", %".104"
  %".106" = add i64 %".100", %".105"
  %".110" = add i64 %".42", %".78"
  %".117" = mul i64 %".116", 4
  %".118" = mul i64 %".110", %".117"
  %".119" = add i64 %".113", %".118"
  %".124" = add i64 %".38", %".78"
  %".131" = mul i64 %".130", 4
  %".132" = mul i64 %".124", %".131"
  %".133" = add i64 %".127", %".132"
  br label %"head.2"
after.1:
  call void @"barrier"(i64 %".193", i64 %".3")
  %".198" = mul i64 %".197", %".2"
  %".199" = sdiv i64 %".198", %".3"
  %".200" = add i64 %".2", 1
  %".201" = mul i64 %".197", %".200"
  %".202" = sdiv i64 %".201", %".3"
  %".203" = add i64 %".38", 0
  %".204" = mul i64 %".88", 4
  %".205" = mul i64 %".203", %".204"
  %".206" = add i64 %".85", %".205"
  %".207" = sub i64 0, 0
  %".214" = add i64 %".210", %".213"
  %".218" = mul i64 %".217", 4
  %".219" = mul i64 %".207", %".218"
  %".220" = add i64 %".214", %".219"
  %".221" = mul i64 %".217", 4
  %".222" = sub i64 %".40", 0
  %".226" = add i64 1, %".54"
  %".227" = mul i64 %".226", 64
  %".228" = icmp slt i64 %".222", 4
  br i1 %".228", label %"after.1.if", label %"after.1.else"
head.2:
  %".93" = phi  i64 [%".75", %"body.1"], [%".94", %"body.2"]
  %".94" = add i64 %".93", 16
  %".95" = icmp sle i64 %".94", %".76"
  br i1 %".95", label %"body.2", label %"after.2"
body.2:
  %".107" = inttoptr i64 %".106" to ptr
  %".108" = getelementptr float, ptr %".107", i64 %".93"
  %".109" = load <16 x float>, ptr %".108", align 4
  %".120" = inttoptr i64 %".119" to ptr
  %".121" = getelementptr float, ptr %".120", i64 %".93"
  %".122" = load <16 x float>, ptr %".121", align 4
  %".123" = fadd <16 x float> %".109", %".122"
  %".134" = inttoptr i64 %".133" to ptr
  %".135" = getelementptr float, ptr %".134", i64 %".93"
  %".136" = load <16 x float>, ptr %".135", align 4
  %".137" = fmul <16 x float> %".136", %".136"
  %".138" = fsub <16 x float> <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>, %".137"
  %".139" = fmul <16 x float> %".123", %".138"
  %".140" = inttoptr i64 %".91" to ptr
  %".141" = getelementptr float, ptr %".140", i64 %".93"
  store <16 x float> %".139", ptr %".141", align 4
  br label %"head.2"
after.2:
  br label %"head.3"
head.3:
  %".145" = phi  i64 [%".93", %"after.2"], [%".146", %"body.3"]
  %".146" = add i64 %".145", 8
  %".147" = icmp sle i64 %".146", %".76"
  br i1 %".147", label %"body.3", label %"after.3"
body.3:
  %".149" = inttoptr i64 %".106" to ptr
  %".150" = getelementptr float, ptr %".149", i64 %".145"
  %".151" = load <8 x float>, ptr %".150", align 4
  %".152" = inttoptr i64 %".119" to ptr
  %".153" = getelementptr float, ptr %".152", i64 %".145"
  %".154" = load <8 x float>, ptr %".153", align 4
  %".155" = fadd <8 x float> %".151", %".154"
  %".156" = inttoptr i64 %".133" to ptr
  %".157" = getelementptr float, ptr %".156", i64 %".145"
  %".158" = load <8 x float>, ptr %".157", align 4
  %".159" = fmul <8 x float> %".158", %".158"
  %".160" = fsub <8 x float> <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>, %".159"
  %".161" = fmul <8 x float> %".155", %".160"
  %".162" = inttoptr i64 %".91" to ptr
  %".163" = getelementptr float, ptr %".162", i64 %".145"
  store <8 x float> %".161", ptr %".163", align 4
  br label %"head.3"
after.3:
  %".166" = sub i64 %".76", %".145"
  %".167" = icmp sgt i64 %".166", 0
  br i1 %".167", label %"after.3.if", label %"after.3.endif"
after.3.if:
  %".169" = trunc i64 %".166" to i32
  %".170" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".169", i32 0
  %".171" = shufflevector <8 x i32> %".170", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".172" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".171"
  %".173" = inttoptr i64 %".106" to ptr
  %".174" = getelementptr float, ptr %".173", i64 %".145"
  %".175" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".174", i32 4, <8 x i1> %".172", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".176" = inttoptr i64 %".119" to ptr
  %".177" = getelementptr float, ptr %".176", i64 %".145"
  %".178" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".177", i32 4, <8 x i1> %".172", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".179" = fadd <8 x float> %".175", %".178"
  %".180" = inttoptr i64 %".133" to ptr
  %".181" = getelementptr float, ptr %".180", i64 %".145"
  %".182" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".181", i32 4, <8 x i1> %".172", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".183" = fmul <8 x float> %".182", %".182"
  %".184" = fsub <8 x float> <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>, %".183"
  %".185" = fmul <8 x float> %".179", %".184"
  %".186" = inttoptr i64 %".91" to ptr
  %".187" = getelementptr float, ptr %".186", i64 %".145"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".185", ptr %".187", i32 4, <8 x i1> %".172")
  br label %"after.3.endif"
after.3.endif:
  br label %"head.1"
after.1.if:
  br label %"head.4"
after.1.else:
  br label %"head.10"
after.1.endif:
  call void @"barrier"(i64 %".193", i64 %".3")
  %".381" = mul i64 %".40", %".2"
  %".382" = sdiv i64 %".381", %".3"
  %".383" = add i64 %".2", 1
  %".384" = mul i64 %".40", %".383"
  %".385" = sdiv i64 %".384", %".3"
  %".386" = sub i64 8, 1
  %".387" = add i64 %".54", %".386"
  %".388" = sdiv i64 %".387", 8
  %".389" = mul i64 %".388", %".2"
  %".390" = sdiv i64 %".389", %".3"
  %".391" = add i64 %".2", 1
  %".392" = mul i64 %".388", %".391"
  %".393" = sdiv i64 %".392", %".3"
  %".394" = mul i64 %".390", 8
  %".395" = mul i64 %".393", 8
  %".396" = icmp slt i64 %".395", %".54"
  %".397" = select  i1 %".396", i64 %".395", i64 %".54"
  %".398" = icmp sge i64 %".40", %".3"
  %".399" = select  i1 %".398", i64 %".382", i64 0
  %".400" = select  i1 %".398", i64 %".385", i64 %".40"
  %".401" = select  i1 %".398", i64 0, i64 %".394"
  %".402" = select  i1 %".398", i64 %".54", i64 %".397"
  br label %"head.15"
head.4:
  %".231" = phi  i64 [%".199", %"after.1.if"], [%".232", %"after.6"]
  %".232" = add i64 %".231", 2
  %".233" = icmp sle i64 %".232", %".202"
  br i1 %".233", label %"body.4", label %"after.4"
body.4:
  %".235" = mul i64 %".231", %".227"
  %".236" = add i64 %".225", %".235"
  %".237" = mul i64 %".231", 64
  %".238" = add i64 %".220", %".237"
  %".239" = srem i64 %".222", 2
  %".240" = icmp eq i64 %".239", 0
  %".241" = icmp sgt i64 %".222", 2
  %".242" = and i1 %".240", %".241"
  br label %"head.5"
after.4:
  br label %"head.7"
head.5:
  %".244" = phi  i64 [0, %"body.4"], [%".245", %"body.5"]
  %".245" = add i64 %".244", 2
  %".246" = icmp sle i64 %".245", %".222"
  br i1 %".246", label %"body.5", label %"after.5"
body.5:
  %".248" = mul i64 %".88", 4
  %".249" = mul i64 %".244", %".248"
  %".250" = add i64 %".206", %".249"
  %".251" = mul i64 %".88", 4
  %".252" = mul i64 %".244", %".221"
  %".253" = add i64 %".238", %".252"
  call void @"tile_2x2_1"(i64 %".250", i64 %".251", i64 %".54", i64 %".236", i64 %".227", i64 %".253", i64 %".221")
  br label %"head.5"
after.5:
  br label %"head.6"
head.6:
  %".257" = phi  i64 [%".244", %"after.5"], [%".258", %"body.6"]
  %".258" = add i64 %".257", 1
  %".259" = icmp sle i64 %".258", %".222"
  br i1 %".259", label %"body.6", label %"after.6"
body.6:
  %".261" = mul i64 %".88", 4
  %".262" = mul i64 %".257", %".261"
  %".263" = add i64 %".206", %".262"
  %".264" = mul i64 %".88", 4
  %".265" = mul i64 %".257", %".221"
  %".266" = add i64 %".238", %".265"
  call void @"tile_1x2_1"(i64 %".263", i64 %".264", i64 %".54", i64 %".236", i64 %".227", i64 %".266", i64 %".221")
  br label %"head.6"
after.6:
  br label %"head.4"
head.7:
  %".271" = phi  i64 [%".231", %"after.4"], [%".272", %"after.9"]
  %".272" = add i64 %".271", 1
  %".273" = icmp sle i64 %".272", %".202"
  br i1 %".273", label %"body.7", label %"after.7"
body.7:
  %".275" = mul i64 %".271", %".227"
  %".276" = add i64 %".225", %".275"
  %".277" = mul i64 %".271", 64
  %".278" = add i64 %".220", %".277"
  %".279" = srem i64 %".222", 2
  %".280" = icmp eq i64 %".279", 0
  %".281" = icmp sgt i64 %".222", 2
  %".282" = and i1 %".280", %".281"
  br label %"head.8"
after.7:
  br label %"after.1.endif"
head.8:
  %".284" = phi  i64 [0, %"body.7"], [%".285", %"body.8"]
  %".285" = add i64 %".284", 2
  %".286" = icmp sle i64 %".285", %".222"
  br i1 %".286", label %"body.8", label %"after.8"
body.8:
  %".288" = mul i64 %".88", 4
  %".289" = mul i64 %".284", %".288"
  %".290" = add i64 %".206", %".289"
  %".291" = mul i64 %".88", 4
  %".292" = mul i64 %".284", %".221"
  %".293" = add i64 %".278", %".292"
  call void @"tile_2x1_1"(i64 %".290", i64 %".291", i64 %".54", i64 %".276", i64 %".227", i64 %".293", i64 %".221")
  br label %"head.8"
after.8:
  br label %"head.9"
head.9:
  %".297" = phi  i64 [%".284", %"after.8"], [%".298", %"body.9"]
  %".298" = add i64 %".297", 1
  %".299" = icmp sle i64 %".298", %".222"
  br i1 %".299", label %"body.9", label %"after.9"
body.9:
  %".301" = mul i64 %".88", 4
  %".302" = mul i64 %".297", %".301"
  %".303" = add i64 %".206", %".302"
  %".304" = mul i64 %".88", 4
  %".305" = mul i64 %".297", %".221"
  %".306" = add i64 %".278", %".305"
  call void @"tile_1x1_1"(i64 %".303", i64 %".304", i64 %".54", i64 %".276", i64 %".227", i64 %".306", i64 %".221")
  br label %"head.9"
after.9:
  br label %"head.7"
head.10:
  %".312" = phi  i64 [%".199", %"after.1.else"], [%".313", %"after.14"]
  %".313" = add i64 %".312", 1
  %".314" = icmp sle i64 %".313", %".202"
  br i1 %".314", label %"body.10", label %"after.10"
body.10:
  %".316" = mul i64 %".312", %".227"
  %".317" = add i64 %".225", %".316"
  %".318" = mul i64 %".312", 64
  %".319" = add i64 %".220", %".318"
  %".320" = srem i64 %".222", 6
  %".321" = icmp eq i64 %".320", 2
  %".322" = icmp sgt i64 %".222", 6
  %".323" = and i1 %".321", %".322"
  %".324" = sub i64 %".222", 8
  %".325" = select  i1 %".323", i64 %".324", i64 %".222"
  br label %"head.11"
after.10:
  br label %"after.1.endif"
head.11:
  %".327" = phi  i64 [0, %"body.10"], [%".328", %"body.11"]
  %".328" = add i64 %".327", 6
  %".329" = icmp sle i64 %".328", %".325"
  br i1 %".329", label %"body.11", label %"after.11"
body.11:
  %".331" = mul i64 %".88", 4
  %".332" = mul i64 %".327", %".331"
  %".333" = add i64 %".206", %".332"
  %".334" = mul i64 %".88", 4
  %".335" = mul i64 %".327", %".221"
  %".336" = add i64 %".319", %".335"
  call void @"tile_6x1_1"(i64 %".333", i64 %".334", i64 %".54", i64 %".317", i64 %".227", i64 %".336", i64 %".221")
  br label %"head.11"
after.11:
  br label %"head.12"
head.12:
  %".340" = phi  i64 [%".327", %"after.11"], [%".341", %"body.12"]
  %".341" = add i64 %".340", 4
  %".342" = icmp sle i64 %".341", %".222"
  br i1 %".342", label %"body.12", label %"after.12"
body.12:
  %".344" = mul i64 %".88", 4
  %".345" = mul i64 %".340", %".344"
  %".346" = add i64 %".206", %".345"
  %".347" = mul i64 %".88", 4
  %".348" = mul i64 %".340", %".221"
  %".349" = add i64 %".319", %".348"
  call void @"tile_4x1_1"(i64 %".346", i64 %".347", i64 %".54", i64 %".317", i64 %".227", i64 %".349", i64 %".221")
  br label %"head.12"
after.12:
  br label %"head.13"
head.13:
  %".353" = phi  i64 [%".340", %"after.12"], [%".354", %"body.13"]
  %".354" = add i64 %".353", 2
  %".355" = icmp sle i64 %".354", %".222"
  br i1 %".355", label %"body.13", label %"after.13"
body.13:
  %".357" = mul i64 %".88", 4
  %".358" = mul i64 %".353", %".357"
  %".359" = add i64 %".206", %".358"
  %".360" = mul i64 %".88", 4
  %".361" = mul i64 %".353", %".221"
  %".362" = add i64 %".319", %".361"
  call void @"tile_2x1_1"(i64 %".359", i64 %".360", i64 %".54", i64 %".317", i64 %".227", i64 %".362", i64 %".221")
  br label %"head.13"
after.13:
  br label %"head.14"
head.14:
  %".366" = phi  i64 [%".353", %"after.13"], [%".367", %"body.14"]
  %".367" = add i64 %".366", 1
  %".368" = icmp sle i64 %".367", %".222"
  br i1 %".368", label %"body.14", label %"after.14"
body.14:
  %".370" = mul i64 %".88", 4
  %".371" = mul i64 %".366", %".370"
  %".372" = add i64 %".206", %".371"
  %".373" = mul i64 %".88", 4
  %".374" = mul i64 %".366", %".221"
  %".375" = add i64 %".319", %".374"
  call void @"tile_1x1_1"(i64 %".372", i64 %".373", i64 %".54", i64 %".317", i64 %".227", i64 %".375", i64 %".221")
  br label %"head.14"
after.14:
  br label %"head.10"
head.15:
  %".404" = phi  i64 [%".399", %"after.1.endif"], [%".405", %"after.17.endif"]
  %".405" = add i64 %".404", 1
  %".406" = icmp sle i64 %".405", %".400"
  br i1 %".406", label %"body.15", label %"after.15"
body.15:
  %".408" = add i64 %".46", %".404"
  %".409" = mul i64 %".116", 4
  %".410" = mul i64 %".408", %".409"
  %".411" = add i64 %".113", %".410"
  %".418" = mul i64 %".417", 4
  %".419" = mul i64 %".404", %".418"
  %".420" = add i64 %".414", %".419"
  %".421" = icmp slt i64 %".404", %".49"
  %".422" = select  i1 %".421", i64 %".411", i64 %".420"
  %".428" = sub i64 %".404", 0
  %".429" = add i64 %".210", %".213"
  %".430" = mul i64 %".217", 4
  %".431" = mul i64 %".428", %".430"
  %".432" = add i64 %".429", %".431"
  br label %"head.16"
after.15:
  call void @"barrier"(i64 %".193", i64 %".3")
  br label %"body.endif"
head.16:
  %".424" = phi  i64 [%".401", %"body.15"], [%".425", %"body.16"]
  %".425" = add i64 %".424", 16
  %".426" = icmp sle i64 %".425", %".402"
  br i1 %".426", label %"body.16", label %"after.16"
body.16:
  %".433" = inttoptr i64 %".432" to ptr
  %".434" = getelementptr float, ptr %".433", i64 %".424"
  %".435" = load <16 x float>, ptr %".434", align 4
  %".436" = inttoptr i64 %".422" to ptr
  %".437" = getelementptr float, ptr %".436", i64 %".424"
  store <16 x float> %".435", ptr %".437", align 4
  br label %"head.16"
after.16:
  br label %"head.17"
head.17:
  %".441" = phi  i64 [%".424", %"after.16"], [%".442", %"body.17"]
  %".442" = add i64 %".441", 8
  %".443" = icmp sle i64 %".442", %".402"
  br i1 %".443", label %"body.17", label %"after.17"
body.17:
  %".445" = inttoptr i64 %".432" to ptr
  %".446" = getelementptr float, ptr %".445", i64 %".441"
  %".447" = load <8 x float>, ptr %".446", align 4
  %".448" = inttoptr i64 %".422" to ptr
  %".449" = getelementptr float, ptr %".448", i64 %".441"
  store <8 x float> %".447", ptr %".449", align 4
  br label %"head.17"
after.17:
  %".452" = sub i64 %".402", %".441"
  %".453" = icmp sgt i64 %".452", 0
  br i1 %".453", label %"after.17.if", label %"after.17.endif"
after.17.if:
  %".455" = trunc i64 %".452" to i32
  %".456" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".455", i32 0
  %".457" = shufflevector <8 x i32> %".456", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".458" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".457"
  %".459" = inttoptr i64 %".432" to ptr
  %".460" = getelementptr float, ptr %".459", i64 %".441"
  %".461" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".460", i32 4, <8 x i1> %".458", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".462" = inttoptr i64 %".422" to ptr
  %".463" = getelementptr float, ptr %".462", i64 %".441"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".461", ptr %".463", i32 4, <8 x i1> %".458")
  br label %"after.17.endif"
after.17.endif:
  br label %"head.15"
}

declare void @"llvm.x86.sse.stmxcsr"(ptr %".1")

declare void @"llvm.x86.sse.ldmxcsr"(ptr %".1")

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
