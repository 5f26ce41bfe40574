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
  %".53" = getelementptr i64, ptr %".52", i64 15
  %".54" = load i64, ptr %".53"
  %".61" = inttoptr i64 %".1" to ptr
  %".62" = getelementptr i64, ptr %".61", i64 16
  %".63" = load i64, ptr %".62"
  %".64" = inttoptr i64 %".1" to ptr
  %".65" = getelementptr i64, ptr %".64", i64 17
  %".66" = load i64, ptr %".65"
  %".70" = inttoptr i64 %".1" to ptr
  %".71" = getelementptr i64, ptr %".70", i64 12
  %".72" = load i64, ptr %".71"
  %".74" = inttoptr i64 %".1" to ptr
  %".75" = getelementptr i64, ptr %".74", i64 18
  %".76" = load i64, ptr %".75"
  %".77" = inttoptr i64 %".1" to ptr
  %".78" = getelementptr i64, ptr %".77", i64 19
  %".79" = load i64, ptr %".78"
  %".83" = inttoptr i64 %".1" to ptr
  %".84" = getelementptr i64, ptr %".83", i64 13
  %".85" = load i64, ptr %".84"
  %".87" = inttoptr i64 %".1" to ptr
  %".88" = getelementptr i64, ptr %".87", i64 20
  %".89" = load i64, ptr %".88"
  %".90" = inttoptr i64 %".1" to ptr
  %".91" = getelementptr i64, ptr %".90", i64 5
  %".92" = load i64, ptr %".91"
  %".94" = inttoptr i64 %".1" to ptr
  %".95" = getelementptr i64, ptr %".94", i64 21
  %".96" = load i64, ptr %".95"
  %".102" = inttoptr i64 %".1" to ptr
  %".103" = getelementptr i64, ptr %".102", i64 14
  %".104" = load i64, ptr %".103"
  %".292" = inttoptr i64 %".1" to ptr
  %".293" = getelementptr i64, ptr %".292", i64 11
  %".294" = load i64, ptr %".293"
  %".324" = inttoptr i64 %".1" to ptr
  %".325" = getelementptr i64, ptr %".324", i64 22
  %".326" = load i64, ptr %".325"
  %".327" = inttoptr i64 %".1" to ptr
  %".328" = getelementptr i64, ptr %".327", i64 23
  %".329" = load i64, ptr %".328"
  %".337" = inttoptr i64 %".1" to ptr
  %".338" = getelementptr i64, ptr %".337", i64 24
  %".339" = load i64, ptr %".338"
  %".340" = inttoptr i64 %".1" to ptr
  %".341" = getelementptr i64, ptr %".340", i64 25
  %".342" = load i64, ptr %".341"
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
  %".55" = mul i64 %".54", %".2"
  %".56" = sdiv i64 %".55", %".3"
  %".57" = add i64 %".2", 1
  %".58" = mul i64 %".54", %".57"
  %".59" = sdiv i64 %".58", %".3"
  %".60" = add i64 %".38", 0
  %".67" = mul i64 %".66", 4
  %".68" = mul i64 %".60", %".67"
  %".69" = add i64 %".63", %".68"
  %".73" = add i64 %".38", 0
  %".80" = mul i64 %".79", 4
  %".81" = mul i64 %".73", %".80"
  %".82" = add i64 %".76", %".81"
  %".86" = sub i64 0, 0
  %".93" = add i64 %".89", %".92"
  %".97" = mul i64 %".96", 4
  %".98" = mul i64 %".86", %".97"
  %".99" = add i64 %".93", %".98"
  %".100" = mul i64 %".96", 4
  %".101" = sub i64 %".40", 0
  %".105" = add i64 1, %".72"
  %".106" = add i64 %".105", %".85"
  %".107" = mul i64 %".106", 64
  %".108" = icmp slt i64 %".101", 4
  br i1 %".108", label %"body.if.if", label %"body.if.else"
body.endif:
  br label %"head"
body.if.if:
  br label %"head.1"
body.if.else:
  br label %"head.7"
body.if.endif:
  call void @"barrier"(i64 %".294", i64 %".3")
  %".296" = mul i64 %".40", %".2"
  %".297" = sdiv i64 %".296", %".3"
  %".298" = add i64 %".2", 1
  %".299" = mul i64 %".40", %".298"
  %".300" = sdiv i64 %".299", %".3"
  %".301" = sub i64 8, 1
  %".302" = add i64 %".85", %".301"
  %".303" = sdiv i64 %".302", 8
  %".304" = mul i64 %".303", %".2"
  %".305" = sdiv i64 %".304", %".3"
  %".306" = add i64 %".2", 1
  %".307" = mul i64 %".303", %".306"
  %".308" = sdiv i64 %".307", %".3"
  %".309" = mul i64 %".305", 8
  %".310" = mul i64 %".308", 8
  %".311" = icmp slt i64 %".310", %".85"
  %".312" = select  i1 %".311", i64 %".310", i64 %".85"
  %".313" = icmp sge i64 %".40", %".3"
  %".314" = select  i1 %".313", i64 %".297", i64 0
  %".315" = select  i1 %".313", i64 %".300", i64 %".40"
  %".316" = select  i1 %".313", i64 0, i64 %".309"
  %".317" = select  i1 %".313", i64 %".85", i64 %".312"
  br label %"head.12"
head.1:
  %".111" = phi  i64 [%".56", %"body.if.if"], [%".112", %"after.3"]
  %".112" = add i64 %".111", 2
  %".113" = icmp sle i64 %".112", %".59"
  br i1 %".113", label %"body.1", label %"after.1"
body.1:
  %".115" = mul i64 %".111", %".107"
  %".116" = add i64 %".104", %".115"
  %".117" = mul i64 %".111", 64
  %".118" = add i64 %".99", %".117"
  %".119" = srem i64 %".101", 2
  %".120" = icmp eq i64 %".119", 0
  %".121" = icmp sgt i64 %".101", 2
  %".122" = and i1 %".120", %".121"
  br label %"head.2"
after.1:
  br label %"head.4"
head.2:
  %".124" = phi  i64 [0, %"body.1"], [%".125", %"body.2"]
  %".125" = add i64 %".124", 2
  %".126" = icmp sle i64 %".125", %".101"
  br i1 %".126", label %"body.2", label %"after.2"
body.2:
  %".128" = mul i64 %".66", 4
  %".129" = mul i64 %".124", %".128"
  %".130" = add i64 %".69", %".129"
  %".131" = mul i64 %".66", 4
  %".132" = mul i64 %".79", 4
  %".133" = mul i64 %".124", %".132"
  %".134" = add i64 %".82", %".133"
  %".135" = mul i64 %".79", 4
  %".136" = mul i64 %".124", %".100"
  %".137" = add i64 %".118", %".136"
  call void @"tile_2x2_2"(i64 %".130", i64 %".131", i64 %".72", i64 %".134", i64 %".135", i64 %".85", i64 %".116", i64 %".107", i64 %".137", i64 %".100")
  br label %"head.2"
after.2:
  br label %"head.3"
head.3:
  %".141" = phi  i64 [%".124", %"after.2"], [%".142", %"body.3"]
  %".142" = add i64 %".141", 1
  %".143" = icmp sle i64 %".142", %".101"
  br i1 %".143", label %"body.3", label %"after.3"
body.3:
  %".145" = mul i64 %".66", 4
  %".146" = mul i64 %".141", %".145"
  %".147" = add i64 %".69", %".146"
  %".148" = mul i64 %".66", 4
  %".149" = mul i64 %".79", 4
  %".150" = mul i64 %".141", %".149"
  %".151" = add i64 %".82", %".150"
  %".152" = mul i64 %".79", 4
  %".153" = mul i64 %".141", %".100"
  %".154" = add i64 %".118", %".153"
  call void @"tile_1x2_2"(i64 %".147", i64 %".148", i64 %".72", i64 %".151", i64 %".152", i64 %".85", i64 %".116", i64 %".107", i64 %".154", i64 %".100")
  br label %"head.3"
after.3:
  br label %"head.1"
head.4:
  %".159" = phi  i64 [%".111", %"after.1"], [%".160", %"after.6"]
  %".160" = add i64 %".159", 1
  %".161" = icmp sle i64 %".160", %".59"
  br i1 %".161", label %"body.4", label %"after.4"
body.4:
  %".163" = mul i64 %".159", %".107"
  %".164" = add i64 %".104", %".163"
  %".165" = mul i64 %".159", 64
  %".166" = add i64 %".99", %".165"
  %".167" = srem i64 %".101", 2
  %".168" = icmp eq i64 %".167", 0
  %".169" = icmp sgt i64 %".101", 2
  %".170" = and i1 %".168", %".169"
  br label %"head.5"
after.4:
  br label %"body.if.endif"
head.5:
  %".172" = phi  i64 [0, %"body.4"], [%".173", %"body.5"]
  %".173" = add i64 %".172", 2
  %".174" = icmp sle i64 %".173", %".101"
  br i1 %".174", label %"body.5", label %"after.5"
body.5:
  %".176" = mul i64 %".66", 4
  %".177" = mul i64 %".172", %".176"
  %".178" = add i64 %".69", %".177"
  %".179" = mul i64 %".66", 4
  %".180" = mul i64 %".79", 4
  %".181" = mul i64 %".172", %".180"
  %".182" = add i64 %".82", %".181"
  %".183" = mul i64 %".79", 4
  %".184" = mul i64 %".172", %".100"
  %".185" = add i64 %".166", %".184"
  call void @"tile_2x1_2"(i64 %".178", i64 %".179", i64 %".72", i64 %".182", i64 %".183", i64 %".85", i64 %".164", i64 %".107", i64 %".185", i64 %".100")
  br label %"head.5"
after.5:
  br label %"head.6"
head.6:
  %".189" = phi  i64 [%".172", %"after.5"], [%".190", %"body.6"]
  %".190" = add i64 %".189", 1
  %".191" = icmp sle i64 %".190", %".101"
  br i1 %".191", label %"body.6", label %"after.6"
body.6:
  %".193" = mul i64 %".66", 4
  %".194" = mul i64 %".189", %".193"
  %".195" = add i64 %".69", %".194"
  %".196" = mul i64 %".66", 4
  %".197" = mul i64 %".79", 4
  %".198" = mul i64 %".189", %".197"
  %".199" = add i64 %".82", %".198"
  %".200" = mul i64 %".79", 4
  %".201" = mul i64 %".189", %".100"
  %".202" = add i64 %".166", %".201"
  call void @"tile_1x1_2"(i64 %".195", i64 %".196", i64 %".72", i64 %".199", i64 %".200", i64 %".85", i64 %".164", i64 %".107", i64 %".202", i64 %".100")
  br label %"head.6"
after.6:
  br label %"head.4"
head.7:
  %".208" = phi  i64 [%".56", %"body.if.else"], [%".209", %"after.11"]
  %".209" = add i64 %".208", 1
  %".210" = icmp sle i64 %".209", %".59"
  br i1 %".210", label %"body.7", label %"after.7"
body.7:
  %".212" = mul i64 %".208", %".107"
  %".213" = add i64 %".104", %".212"
  %".214" = mul i64 %".208", 64
  %".215" = add i64 %".99", %".214"
  %".216" = srem i64 %".101", 6
  %".217" = icmp eq i64 %".216", 2
  %".218" = icmp sgt i64 %".101", 6
  %".219" = and i1 %".217", %".218"
  %".220" = sub i64 %".101", 8
  %".221" = select  i1 %".219", i64 %".220", i64 %".101"
  br label %"head.8"
after.7:
  br label %"body.if.endif"
head.8:
  %".223" = phi  i64 [0, %"body.7"], [%".224", %"body.8"]
  %".224" = add i64 %".223", 6
  %".225" = icmp sle i64 %".224", %".221"
  br i1 %".225", label %"body.8", label %"after.8"
body.8:
  %".227" = mul i64 %".66", 4
  %".228" = mul i64 %".223", %".227"
  %".229" = add i64 %".69", %".228"
  %".230" = mul i64 %".66", 4
  %".231" = mul i64 %".79", 4
  %".232" = mul i64 %".223", %".231"
  %".233" = add i64 %".82", %".232"
  %".234" = mul i64 %".79", 4
  %".235" = mul i64 %".223", %".100"
  %".236" = add i64 %".215", %".235"
  call void @"tile_6x1_2"(i64 %".229", i64 %".230", i64 %".72", i64 %".233", i64 %".234", i64 %".85", i64 %".213", i64 %".107", i64 %".236", i64 %".100")
  br label %"head.8"
after.8:
  br label %"head.9"
head.9:
  %".240" = phi  i64 [%".223", %"after.8"], [%".241", %"body.9"]
  %".241" = add i64 %".240", 4
  %".242" = icmp sle i64 %".241", %".101"
  br i1 %".242", label %"body.9", label %"after.9"
body.9:
  %".244" = mul i64 %".66", 4
  %".245" = mul i64 %".240", %".244"
  %".246" = add i64 %".69", %".245"
  %".247" = mul i64 %".66", 4
  %".248" = mul i64 %".79", 4
  %".249" = mul i64 %".240", %".248"
  %".250" = add i64 %".82", %".249"
  %".251" = mul i64 %".79", 4
  %".252" = mul i64 %".240", %".100"
  %".253" = add i64 %".215", %".252"
  call void @"tile_4x1_2"(i64 %".246", i64 %".247", i64 %".72", i64 %".250", i64 %".251", i64 %".85", i64 %".213", i64 %".107", i64 %".253", i64 %".100")
  br label %"head.9"
after.9:
  br label %"head.10"
head.10:
  %".257" = phi  i64 [%".240", %"after.9"], [%".258", %"body.10"]
  %".258" = add i64 %".257", 2
  %".259" = icmp sle i64 %".258", %".101"
  br i1 %".259", label %"body.10", label %"after.10"
body.10:
  %".261" = mul i64 %".66", 4
  %".262" = mul i64 %".257", %".261"
  %".263" = add i64 %".69", %".262"
  %".264" = mul i64 %".66", 4
  %".265" = mul i64 %".79", 4
  %".266" = mul i64 %".257", %".265"
  %".267" = add i64 %".82", %".266"
  %".268" = mul i64 %".79", 4
  %".269" = mul i64 %".257", %".100"
  %".270" = add i64 %".215", %".269"
  call void @"tile_2x1_2"(i64 %".263", i64 %".264", i64 %".72", i64 %".267", i64 %".268", i64 %".85", i64 %".213", i64 %".107", i64 %".270", i64 %".100")
  br label %"head.10"
after.10:
  br label %"head.11"
head.11:
  %".274" = phi  i64 [%".257", %"after.10"], [%".275", %"body.11"]
  %".275" = add i64 %".274", 1
  %".276" = icmp sle i64 %".275", %".101"
  br i1 %".276", label %"body.11", label %"after.11"
body.11:
  %".278" = mul i64 %".66", 4
  %".279" = mul i64 %".274", %".278"
  %".280" = add i64 %".69", %".279"
  %".281" = mul i64 %".66", 4
  %".282" = mul i64 %".79", 4
  %".283" = mul i64 %".274", %".282"
  %".284" = add i64 %".82", %".283"
  %".285" = mul i64 %".79", 4
  %".286" = mul i64 %".274", %".100"
  %".287" = add i64 %".215", %".286"
  call void @"tile_1x1_2"(i64 %".280", i64 %".281", i64 %".72", i64 %".284", i64 %".285", i64 %".85", i64 %".213", i64 %".107", i64 %".287", i64 %".100")
  br label %"head.11"
after.11:
  br label %"head.7"
head.12:
  %".319" = phi  i64 [%".314", %"body.if.endif"], [%".320", %"after.14.endif"]
  %".320" = add i64 %".319", 1
  %".321" = icmp sle i64 %".320", %".315"
  br i1 %".321", label %"body.12", label %"after.12"
body.12:
  %".323" = add i64 %".38", %".319"
  %".330" = mul i64 %".329", 4
  %".331" = mul i64 %".323", %".330"
  %".332" = add i64 %".326", %".331"
  %".333" = add i64 %".45", %".319"
  %".334" = mul i64 %".79", 4
  %".335" = mul i64 %".333", %".334"
  %".336" = add i64 %".76", %".335"
  %".343" = mul i64 %".342", 4
  %".344" = mul i64 %".319", %".343"
  %".345" = add i64 %".339", %".344"
  %".346" = icmp slt i64 %".319", %".49"
  %".347" = select  i1 %".346", i64 %".336", i64 %".345"
  %".353" = sub i64 %".319", 0
  %".354" = add i64 %".89", %".92"
  %".355" = mul i64 %".96", 4
  %".356" = mul i64 %".353", %".355"
  %".357" = add i64 %".354", %".356"
  br label %"head.13"
after.12:
  call void @"barrier"(i64 %".294", i64 %".3")
  br label %"body.endif"
head.13:
  %".349" = phi  i64 [%".316", %"body.12"], [%".350", %"body.13"]
  %".350" = add i64 %".349", 16
  %".351" = icmp sle i64 %".350", %".317"
  br i1 %".351", label %"body.13", label %"after.13"
body.13:
  %".358" = inttoptr i64 %".357" to ptr
  %".359" = getelementptr float, ptr %".358", i64 %".349"
  %".360" = load <16 x float>, ptr %".359", align 4
  %".361" = call <16 x float> @"llvm.fabs.v16f32"(<16 x float> %".360")
  %".362" = fcmp ogt <16 x float> %".361", <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>
  %".363" = select  <16 x i1> %".362", <16 x float> <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>, <16 x float> %".361"
  %".364" = fadd <16 x float> %".363", %".363"
  %".365" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".364", <16 x float> <float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000>, <16 x float> <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>)
  %".366" = fsub <16 x float> %".365", <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>
  %".367" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".366", <16 x float> <float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000>, <16 x float> %".364")
  %".368" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".366", <16 x float> <float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000>, <16 x float> %".367")
  %".369" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> <float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000>, <16 x float> %".368", <16 x float> <float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000>)
  %".370" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".369", <16 x float> %".368", <16 x float> <float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000>)
  %".371" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".370", <16 x float> %".368", <16 x float> <float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000>)
  %".372" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".371", <16 x float> %".368", <16 x float> <float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000>)
  %".373" = bitcast <16 x float> %".365" to <16 x i32>
  %".374" = fmul <16 x float> %".368", %".368"
  %".375" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".374", <16 x float> %".372", <16 x float> %".368")
  %".376" = shl <16 x i32> %".373", <i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23>
  %".377" = add <16 x i32> %".376", <i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216>
  %".378" = bitcast <16 x i32> %".377" to <16 x float>
  %".379" = fsub <16 x float> %".378", <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>
  %".380" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".378", <16 x float> %".375", <16 x float> %".379")
  %".381" = fadd <16 x float> %".380", <float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000>
  %".382" = fdiv <16 x float> %".380", %".381"
  %".383" = call <16 x float> @"llvm.copysign.v16f32"(<16 x float> %".382", <16 x float> %".360")
  %".384" = inttoptr i64 %".332" to ptr
  %".385" = getelementptr float, ptr %".384", i64 %".349"
  store <16 x float> %".383", ptr %".385", align 4
  %".387" = inttoptr i64 %".347" to ptr
  %".388" = getelementptr float, ptr %".387", i64 %".349"
  store <16 x float> %".383", ptr %".388", align 4
  br label %"head.13"
after.13:
  br label %"head.14"
head.14:
  %".392" = phi  i64 [%".349", %"after.13"], [%".393", %"body.14"]
  %".393" = add i64 %".392", 8
  %".394" = icmp sle i64 %".393", %".317"
  br i1 %".394", label %"body.14", label %"after.14"
body.14:
  %".396" = inttoptr i64 %".357" to ptr
  %".397" = getelementptr float, ptr %".396", i64 %".392"
  %".398" = load <8 x float>, ptr %".397", align 4
  %".399" = call <8 x float> @"llvm.fabs.v8f32"(<8 x float> %".398")
  %".400" = fcmp ogt <8 x float> %".399", <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>
  %".401" = select  <8 x i1> %".400", <8 x float> <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>, <8 x float> %".399"
  %".402" = fadd <8 x float> %".401", %".401"
  %".403" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".402", <8 x float> <float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000>, <8 x float> <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>)
  %".404" = fsub <8 x float> %".403", <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>
  %".405" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".404", <8 x float> <float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000>, <8 x float> %".402")
  %".406" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".404", <8 x float> <float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000>, <8 x float> %".405")
  %".407" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> <float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000>, <8 x float> %".406", <8 x float> <float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000>)
  %".408" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".407", <8 x float> %".406", <8 x float> <float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000>)
  %".409" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".408", <8 x float> %".406", <8 x float> <float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000>)
  %".410" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".409", <8 x float> %".406", <8 x float> <float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000>)
  %".411" = bitcast <8 x float> %".403" to <8 x i32>
  %".412" = fmul <8 x float> %".406", %".406"
  %".413" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".412", <8 x float> %".410", <8 x float> %".406")
  %".414" = shl <8 x i32> %".411", <i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23>
  %".415" = add <8 x i32> %".414", <i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216>
  %".416" = bitcast <8 x i32> %".415" to <8 x float>
  %".417" = fsub <8 x float> %".416", <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>
  %".418" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".416", <8 x float> %".413", <8 x float> %".417")
  %".419" = fadd <8 x float> %".418", <float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000>
  %".420" = fdiv <8 x float> %".418", %".419"
  %".421" = call <8 x float> @"llvm.copysign.v8f32"(<8 x float> %".420", <8 x float> %".398")
  %".422" = inttoptr i64 %".332" to ptr
  %".423" = getelementptr float, ptr %".422", i64 %".392"
  store <8 x float> %".421", ptr %".423", align 4
  %".425" = inttoptr i64 %".347" to ptr
  %".426" = getelementptr float, ptr %".425", i64 %".392"
  store <8 x float> %".421", ptr %".426", align 4
  br label %"head.14"
after.14:
  %".429" = sub i64 %".317", %".392"
  %".430" = icmp sgt i64 %".429", 0
  br i1 %".430", label %"after.14.if", label %"after.14.endif"
after.14.if:
  %".432" = trunc i64 %".429" to i32
  %".433" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".432", i32 0
  %".434" = shufflevector <8 x i32> %".433", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".435" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".434"
  %".436" = inttoptr i64 %".357" to ptr
  %".437" = getelementptr float, ptr %".436", i64 %".392"
  %".438" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".437", i32 4, <8 x i1> %".435", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".439" = call <8 x float> @"llvm.fabs.v8f32"(<8 x float> %".438")
  %".440" = fcmp ogt <8 x float> %".439", <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>
  %".441" = select  <8 x i1> %".440", <8 x float> <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>, <8 x float> %".439"
  %".442" = fadd <8 x float> %".441", %".441"
  %".443" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".442", <8 x float> <float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000>, <8 x float> <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>)
  %".444" = fsub <8 x float> %".443", <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>
  %".445" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".444", <8 x float> <float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000>, <8 x float> %".442")
  %".446" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".444", <8 x float> <float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000>, <8 x float> %".445")
  %".447" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> <float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000>, <8 x float> %".446", <8 x float> <float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000>)
  %".448" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".447", <8 x float> %".446", <8 x float> <float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000>)
  %".449" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".448", <8 x float> %".446", <8 x float> <float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000>)
  %".450" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".449", <8 x float> %".446", <8 x float> <float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000>)
  %".451" = bitcast <8 x float> %".443" to <8 x i32>
  %".452" = fmul <8 x float> %".446", %".446"
  %".453" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".452", <8 x float> %".450", <8 x float> %".446")
  %".454" = shl <8 x i32> %".451", <i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23>
  %".455" = add <8 x i32> %".454", <i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216>
  %".456" = bitcast <8 x i32> %".455" to <8 x float>
  %".457" = fsub <8 x float> %".456", <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>
  %".458" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".456", <8 x float> %".453", <8 x float> %".457")
  %".459" = fadd <8 x float> %".458", <float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000>
  %".460" = fdiv <8 x float> %".458", %".459"
  %".461" = call <8 x float> @"llvm.copysign.v8f32"(<8 x float> %".460", <8 x float> %".438")
  %".462" = inttoptr i64 %".332" to ptr
  %".463" = getelementptr float, ptr %".462", i64 %".392"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".461", ptr %".463", i32 4, <8 x i1> %".435")
  %".465" = inttoptr i64 %".347" to ptr
  %".466" = getelementptr float, ptr %".465", i64 %".392"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".461", ptr %".466", i32 4, <8 x i1> %".435")
  br label %"after.14.endif"
after.14.endif:
  br label %"head.12"
}

declare void @"llvm.x86.sse.stmxcsr"(ptr %".1")

declare void @"llvm.x86.sse.ldmxcsr"(ptr %".1")

define internal void @"tile_2x2_2"(i64 %".1", i64 %".2", i64 %".3", i64 %".4", i64 %".5", i64 %".6", i64 %".7", i64 %".8", i64 %".9", i64 %".10") noinline
{
entry:
  %".12" = mul i64 %".8", 0
  %".13" = add i64 %".7", %".12"
  %".14" = add i64 %".13", 0
  %".15" = inttoptr i64 %".14" to ptr
  %".16" = load <8 x float>, ptr %".15", align 4
  %".17" = mul i64 %".8", 0
  %".18" = add i64 %".7", %".17"
  %".19" = add i64 %".18", 32
  %".20" = inttoptr i64 %".19" to ptr
  %".21" = load <8 x float>, ptr %".20", align 4
  %".22" = mul i64 %".8", 1
  %".23" = add i64 %".7", %".22"
  %".24" = add i64 %".23", 0
  %".25" = inttoptr i64 %".24" to ptr
  %".26" = load <8 x float>, ptr %".25", align 4
  %".27" = mul i64 %".8", 1
  %".28" = add i64 %".7", %".27"
  %".29" = add i64 %".28", 32
  %".30" = inttoptr i64 %".29" to ptr
  %".31" = load <8 x float>, ptr %".30", align 4
  %".32" = add i64 %".7", 64
  br label %"head"
head:
  %".34" = phi  i64 [0, %"entry"], [%".89", %"body"]
  %".35" = phi  i64 [%".32", %"entry"], [%".88", %"body"]
  %".36" = phi  <8 x float> [%".16", %"entry"], [%".73", %"body"]
  %".37" = phi  <8 x float> [%".21", %"entry"], [%".74", %"body"]
  %".38" = phi  <8 x float> [%".26", %"entry"], [%".75", %"body"]
  %".39" = phi  <8 x float> [%".31", %"entry"], [%".76", %"body"]
  %".40" = phi  <8 x float> [%".16", %"entry"], [%".84", %"body"]
  %".41" = phi  <8 x float> [%".21", %"entry"], [%".85", %"body"]
  %".42" = phi  <8 x float> [%".26", %"entry"], [%".86", %"body"]
  %".43" = phi  <8 x float> [%".31", %"entry"], [%".87", %"body"]
  %".44" = icmp slt i64 %".34", %".3"
  br i1 %".44", label %"body", label %"after"
body:
  %".46" = mul i64 %".8", 0
  %".47" = add i64 %".35", %".46"
  %".48" = add i64 %".47", 0
  %".49" = inttoptr i64 %".48" to ptr
  %".50" = load <8 x float>, ptr %".49", align 4
  %".51" = mul i64 %".8", 0
  %".52" = add i64 %".35", %".51"
  %".53" = add i64 %".52", 32
  %".54" = inttoptr i64 %".53" to ptr
  %".55" = load <8 x float>, ptr %".54", align 4
  %".56" = mul i64 %".8", 1
  %".57" = add i64 %".35", %".56"
  %".58" = add i64 %".57", 0
  %".59" = inttoptr i64 %".58" to ptr
  %".60" = load <8 x float>, ptr %".59", align 4
  %".61" = mul i64 %".8", 1
  %".62" = add i64 %".35", %".61"
  %".63" = add i64 %".62", 32
  %".64" = inttoptr i64 %".63" to ptr
  %".65" = load <8 x float>, ptr %".64", align 4
  %".66" = mul i64 %".2", 0
  %".67" = add i64 %".1", %".66"
  %".68" = inttoptr i64 %".67" to ptr
  %".69" = getelementptr float, ptr %".68", i64 %".34"
  %".70" = load float, ptr %".69"
  %".71" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".70", i32 0
  %".72" = shufflevector <8 x float> %".71", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".73" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".72", <8 x float> %".50", <8 x float> %".36")
  %".74" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".72", <8 x float> %".55", <8 x float> %".37")
  %".75" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".72", <8 x float> %".60", <8 x float> %".38")
  %".76" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".72", <8 x float> %".65", <8 x float> %".39")
  %".77" = mul i64 %".2", 1
  %".78" = add i64 %".1", %".77"
  %".79" = inttoptr i64 %".78" to ptr
  %".80" = getelementptr float, ptr %".79", i64 %".34"
  %".81" = load float, ptr %".80"
  %".82" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".81", i32 0
  %".83" = shufflevector <8 x float> %".82", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".84" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".83", <8 x float> %".50", <8 x float> %".40")
  %".85" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".83", <8 x float> %".55", <8 x float> %".41")
  %".86" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".83", <8 x float> %".60", <8 x float> %".42")
  %".87" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".83", <8 x float> %".65", <8 x float> %".43")
  %".88" = add i64 %".35", 64
  %".89" = add i64 %".34", 1
  br label %"head"
after:
  br label %"head.1"
head.1:
  %".92" = phi  i64 [0, %"after"], [%".147", %"body.1"]
  %".93" = phi  i64 [%".35", %"after"], [%".146", %"body.1"]
  %".94" = phi  <8 x float> [%".36", %"after"], [%".131", %"body.1"]
  %".95" = phi  <8 x float> [%".37", %"after"], [%".132", %"body.1"]
  %".96" = phi  <8 x float> [%".38", %"after"], [%".133", %"body.1"]
  %".97" = phi  <8 x float> [%".39", %"after"], [%".134", %"body.1"]
  %".98" = phi  <8 x float> [%".40", %"after"], [%".142", %"body.1"]
  %".99" = phi  <8 x float> [%".41", %"after"], [%".143", %"body.1"]
  %".100" = phi  <8 x float> [%".42", %"after"], [%".144", %"body.1"]
  %".101" = phi  <8 x float> [%".43", %"after"], [%".145", %"body.1"]
  %".102" = icmp slt i64 %".92", %".6"
  br i1 %".102", label %"body.1", label %"after.1"
body.1:
  %".104" = mul i64 %".8", 0
  %".105" = add i64 %".93", %".104"
  %".106" = add i64 %".105", 0
  %".107" = inttoptr i64 %".106" to ptr
  %".108" = load <8 x float>, ptr %".107", align 4
  %".109" = mul i64 %".8", 0
  %".110" = add i64 %".93", %".109"
  %".111" = add i64 %".110", 32
  %".112" = inttoptr i64 %".111" to ptr
  %".113" = load <8 x float>, ptr %".112", align 4
  %".114" = mul i64 %".8", 1
  %".115" = add i64 %".93", %".114"
  %".116" = add i64 %".115", 0
  %".117" = inttoptr i64 %".116" to ptr
  %".118" = load <8 x float>, ptr %".117", align 4
  %".119" = mul i64 %".8", 1
  %".120" = add i64 %".93", %".119"
  %".121" = add i64 %".120", 32
  %".122" = inttoptr i64 %".121" to ptr
  %".123" = load <8 x float>, ptr %".122", align 4
  %".124" = mul i64 %".5", 0
  %".125" = add i64 %".4", %".124"
  %".126" = inttoptr i64 %".125" to ptr
  %".127" = getelementptr float, ptr %".126", i64 %".92"
  %".128" = load float, ptr %".127"
  %".129" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".128", i32 0
  %".130" = shufflevector <8 x float> %".129", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".131" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".130", <8 x float> %".108", <8 x float> %".94")
  %".132" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".130", <8 x float> %".113", <8 x float> %".95")
  %".133" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".130", <8 x float> %".118", <8 x float> %".96")
  %".134" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".130", <8 x float> %".123", <8 x float> %".97")
  %".135" = mul i64 %".5", 1
  %".136" = add i64 %".4", %".135"
  %".137" = inttoptr i64 %".136" to ptr
  %".138" = getelementptr float, ptr %".137", i64 %".92"
  %".139" = load float, ptr %".138"
  %".140" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".139", i32 0
  %".141" = shufflevector <8 x float> %".140", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".142" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".141", <8 x float> %".108", <8 x float> %".98")
  %".143" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".141", <8 x float> %".113", <8 x float> %".99")
  %".144" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".141", <8 x float> %".118", <8 x float> %".100")
  %".145" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".141", <8 x float> %".123", <8 x float> %".101")
  %".146" = add i64 %".93", 64
  %".147" = add i64 %".92", 1
  br label %"head.1"
after.1:
  %".149" = mul i64 %".10", 0
  %".150" = add i64 %".9", %".149"
  %".151" = add i64 %".150", 0
  %".152" = inttoptr i64 %".151" to ptr
  store <8 x float> %".94", ptr %".152", align 4
  %".154" = mul i64 %".10", 0
  %".155" = add i64 %".9", %".154"
  %".156" = add i64 %".155", 32
  %".157" = inttoptr i64 %".156" to ptr
  store <8 x float> %".95", ptr %".157", align 4
  %".159" = mul i64 %".10", 0
  %".160" = add i64 %".9", %".159"
  %".161" = add i64 %".160", 64
  %".162" = inttoptr i64 %".161" to ptr
  store <8 x float> %".96", ptr %".162", align 4
  %".164" = mul i64 %".10", 0
  %".165" = add i64 %".9", %".164"
  %".166" = add i64 %".165", 96
  %".167" = inttoptr i64 %".166" to ptr
  store <8 x float> %".97", ptr %".167", align 4
  %".169" = mul i64 %".10", 1
  %".170" = add i64 %".9", %".169"
  %".171" = add i64 %".170", 0
  %".172" = inttoptr i64 %".171" to ptr
  store <8 x float> %".98", ptr %".172", align 4
  %".174" = mul i64 %".10", 1
  %".175" = add i64 %".9", %".174"
  %".176" = add i64 %".175", 32
  %".177" = inttoptr i64 %".176" to ptr
  store <8 x float> %".99", ptr %".177", align 4
  %".179" = mul i64 %".10", 1
  %".180" = add i64 %".9", %".179"
  %".181" = add i64 %".180", 64
  %".182" = inttoptr i64 %".181" to ptr
  store <8 x float> %".100", ptr %".182", align 4
  %".184" = mul i64 %".10", 1
  %".185" = add i64 %".9", %".184"
  %".186" = add i64 %".185", 96
  %".187" = inttoptr i64 %".186" to ptr
  store <8 x float> %".101", ptr %".187", align 4
  ret void
}

declare <8 x float> @"llvm.fma.v8f32"(<8 x float> %".1", <8 x float> %".2", <8 x float> %".3")

define internal void @"tile_1x2_2"(i64 %".1", i64 %".2", i64 %".3", i64 %".4", i64 %".5", i64 %".6", i64 %".7", i64 %".8", i64 %".9", i64 %".10") noinline
{
entry:
  %".12" = mul i64 %".8", 0
  %".13" = add i64 %".7", %".12"
  %".14" = add i64 %".13", 0
  %".15" = inttoptr i64 %".14" to ptr
  %".16" = load <8 x float>, ptr %".15", align 4
  %".17" = mul i64 %".8", 0
  %".18" = add i64 %".7", %".17"
  %".19" = add i64 %".18", 32
  %".20" = inttoptr i64 %".19" to ptr
  %".21" = load <8 x float>, ptr %".20", align 4
  %".22" = mul i64 %".8", 1
  %".23" = add i64 %".7", %".22"
  %".24" = add i64 %".23", 0
  %".25" = inttoptr i64 %".24" to ptr
  %".26" = load <8 x float>, ptr %".25", align 4
  %".27" = mul i64 %".8", 1
  %".28" = add i64 %".7", %".27"
  %".29" = add i64 %".28", 32
  %".30" = inttoptr i64 %".29" to ptr
  %".31" = load <8 x float>, ptr %".30", align 4
  %".32" = add i64 %".7", 64
  br label %"head"
head:
  %".34" = phi  i64 [0, %"entry"], [%".74", %"body"]
  %".35" = phi  i64 [%".32", %"entry"], [%".73", %"body"]
  %".36" = phi  <8 x float> [%".16", %"entry"], [%".69", %"body"]
  %".37" = phi  <8 x float> [%".21", %"entry"], [%".70", %"body"]
  %".38" = phi  <8 x float> [%".26", %"entry"], [%".71", %"body"]
  %".39" = phi  <8 x float> [%".31", %"entry"], [%".72", %"body"]
  %".40" = icmp slt i64 %".34", %".3"
  br i1 %".40", label %"body", label %"after"
body:
  %".42" = mul i64 %".8", 0
  %".43" = add i64 %".35", %".42"
  %".44" = add i64 %".43", 0
  %".45" = inttoptr i64 %".44" to ptr
  %".46" = load <8 x float>, ptr %".45", align 4
  %".47" = mul i64 %".8", 0
  %".48" = add i64 %".35", %".47"
  %".49" = add i64 %".48", 32
  %".50" = inttoptr i64 %".49" to ptr
  %".51" = load <8 x float>, ptr %".50", align 4
  %".52" = mul i64 %".8", 1
  %".53" = add i64 %".35", %".52"
  %".54" = add i64 %".53", 0
  %".55" = inttoptr i64 %".54" to ptr
  %".56" = load <8 x float>, ptr %".55", align 4
  %".57" = mul i64 %".8", 1
  %".58" = add i64 %".35", %".57"
  %".59" = add i64 %".58", 32
  %".60" = inttoptr i64 %".59" to ptr
  %".61" = load <8 x float>, ptr %".60", align 4
  %".62" = mul i64 %".2", 0
  %".63" = add i64 %".1", %".62"
  %".64" = inttoptr i64 %".63" to ptr
  %".65" = getelementptr float, ptr %".64", i64 %".34"
  %".66" = load float, ptr %".65"
  %".67" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".66", i32 0
  %".68" = shufflevector <8 x float> %".67", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".69" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".68", <8 x float> %".46", <8 x float> %".36")
  %".70" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".68", <8 x float> %".51", <8 x float> %".37")
  %".71" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".68", <8 x float> %".56", <8 x float> %".38")
  %".72" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".68", <8 x float> %".61", <8 x float> %".39")
  %".73" = add i64 %".35", 64
  %".74" = add i64 %".34", 1
  br label %"head"
after:
  br label %"head.1"
head.1:
  %".77" = phi  i64 [0, %"after"], [%".117", %"body.1"]
  %".78" = phi  i64 [%".35", %"after"], [%".116", %"body.1"]
  %".79" = phi  <8 x float> [%".36", %"after"], [%".112", %"body.1"]
  %".80" = phi  <8 x float> [%".37", %"after"], [%".113", %"body.1"]
  %".81" = phi  <8 x float> [%".38", %"after"], [%".114", %"body.1"]
  %".82" = phi  <8 x float> [%".39", %"after"], [%".115", %"body.1"]
  %".83" = icmp slt i64 %".77", %".6"
  br i1 %".83", label %"body.1", label %"after.1"
body.1:
  %".85" = mul i64 %".8", 0
  %".86" = add i64 %".78", %".85"
  %".87" = add i64 %".86", 0
  %".88" = inttoptr i64 %".87" to ptr
  %".89" = load <8 x float>, ptr %".88", align 4
  %".90" = mul i64 %".8", 0
  %".91" = add i64 %".78", %".90"
  %".92" = add i64 %".91", 32
  %".93" = inttoptr i64 %".92" to ptr
  %".94" = load <8 x float>, ptr %".93", align 4
  %".95" = mul i64 %".8", 1
  %".96" = add i64 %".78", %".95"
  %".97" = add i64 %".96", 0
  %".98" = inttoptr i64 %".97" to ptr
  %".99" = load <8 x float>, ptr %".98", align 4
  %".100" = mul i64 %".8", 1
  %".101" = add i64 %".78", %".100"
  %".102" = add i64 %".101", 32
  %".103" = inttoptr i64 %".102" to ptr
  %".104" = load <8 x float>, ptr %".103", align 4
  %".105" = mul i64 %".5", 0
  %".106" = add i64 %".4", %".105"
  %".107" = inttoptr i64 %".106" to ptr
  %".108" = getelementptr float, ptr %".107", i64 %".77"
  %".109" = load float, ptr %".108"
  %".110" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".109", i32 0
  %".111" = shufflevector <8 x float> %".110", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".112" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".111", <8 x float> %".89", <8 x float> %".79")
  %".113" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".111", <8 x float> %".94", <8 x float> %".80")
  %".114" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".111", <8 x float> %".99", <8 x float> %".81")
  %".115" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".111", <8 x float> %".104", <8 x float> %".82")
  %".116" = add i64 %".78", 64
  %".117" = add i64 %".77", 1
  br label %"head.1"
after.1:
  %".119" = mul i64 %".10", 0
  %".120" = add i64 %".9", %".119"
  %".121" = add i64 %".120", 0
  %".122" = inttoptr i64 %".121" to ptr
  store <8 x float> %".79", ptr %".122", align 4
  %".124" = mul i64 %".10", 0
  %".125" = add i64 %".9", %".124"
  %".126" = add i64 %".125", 32
  %".127" = inttoptr i64 %".126" to ptr
  store <8 x float> %".80", ptr %".127", align 4
  %".129" = mul i64 %".10", 0
  %".130" = add i64 %".9", %".129"
  %".131" = add i64 %".130", 64
  %".132" = inttoptr i64 %".131" to ptr
  store <8 x float> %".81", ptr %".132", align 4
  %".134" = mul i64 %".10", 0
  %".135" = add i64 %".9", %".134"
  %".136" = add i64 %".135", 96
  %".137" = inttoptr i64 %".136" to ptr
  store <8 x float> %".82", ptr %".137", align 4
  ret void
}

define internal void @"tile_2x1_2"(i64 %".1", i64 %".2", i64 %".3", i64 %".4", i64 %".5", i64 %".6", i64 %".7", i64 %".8", i64 %".9", i64 %".10") noinline
{
entry:
  %".12" = mul i64 %".8", 0
  %".13" = add i64 %".7", %".12"
  %".14" = add i64 %".13", 0
  %".15" = inttoptr i64 %".14" to ptr
  %".16" = load <8 x float>, ptr %".15", align 4
  %".17" = mul i64 %".8", 0
  %".18" = add i64 %".7", %".17"
  %".19" = add i64 %".18", 32
  %".20" = inttoptr i64 %".19" to ptr
  %".21" = load <8 x float>, ptr %".20", align 4
  %".22" = add i64 %".7", 64
  br label %"head"
head:
  %".24" = phi  i64 [0, %"entry"], [%".61", %"body"]
  %".25" = phi  i64 [%".22", %"entry"], [%".60", %"body"]
  %".26" = phi  <8 x float> [%".16", %"entry"], [%".49", %"body"]
  %".27" = phi  <8 x float> [%".21", %"entry"], [%".50", %"body"]
  %".28" = phi  <8 x float> [%".16", %"entry"], [%".58", %"body"]
  %".29" = phi  <8 x float> [%".21", %"entry"], [%".59", %"body"]
  %".30" = icmp slt i64 %".24", %".3"
  br i1 %".30", label %"body", label %"after"
body:
  %".32" = mul i64 %".8", 0
  %".33" = add i64 %".25", %".32"
  %".34" = add i64 %".33", 0
  %".35" = inttoptr i64 %".34" to ptr
  %".36" = load <8 x float>, ptr %".35", align 4
  %".37" = mul i64 %".8", 0
  %".38" = add i64 %".25", %".37"
  %".39" = add i64 %".38", 32
  %".40" = inttoptr i64 %".39" to ptr
  %".41" = load <8 x float>, ptr %".40", align 4
  %".42" = mul i64 %".2", 0
  %".43" = add i64 %".1", %".42"
  %".44" = inttoptr i64 %".43" to ptr
  %".45" = getelementptr float, ptr %".44", i64 %".24"
  %".46" = load float, ptr %".45"
  %".47" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".46", i32 0
  %".48" = shufflevector <8 x float> %".47", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".49" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".48", <8 x float> %".36", <8 x float> %".26")
  %".50" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".48", <8 x float> %".41", <8 x float> %".27")
  %".51" = mul i64 %".2", 1
  %".52" = add i64 %".1", %".51"
  %".53" = inttoptr i64 %".52" to ptr
  %".54" = getelementptr float, ptr %".53", i64 %".24"
  %".55" = load float, ptr %".54"
  %".56" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".55", i32 0
  %".57" = shufflevector <8 x float> %".56", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".58" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".57", <8 x float> %".36", <8 x float> %".28")
  %".59" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".57", <8 x float> %".41", <8 x float> %".29")
  %".60" = add i64 %".25", 64
  %".61" = add i64 %".24", 1
  br label %"head"
after:
  br label %"head.1"
head.1:
  %".64" = phi  i64 [0, %"after"], [%".101", %"body.1"]
  %".65" = phi  i64 [%".25", %"after"], [%".100", %"body.1"]
  %".66" = phi  <8 x float> [%".26", %"after"], [%".89", %"body.1"]
  %".67" = phi  <8 x float> [%".27", %"after"], [%".90", %"body.1"]
  %".68" = phi  <8 x float> [%".28", %"after"], [%".98", %"body.1"]
  %".69" = phi  <8 x float> [%".29", %"after"], [%".99", %"body.1"]
  %".70" = icmp slt i64 %".64", %".6"
  br i1 %".70", label %"body.1", label %"after.1"
body.1:
  %".72" = mul i64 %".8", 0
  %".73" = add i64 %".65", %".72"
  %".74" = add i64 %".73", 0
  %".75" = inttoptr i64 %".74" to ptr
  %".76" = load <8 x float>, ptr %".75", align 4
  %".77" = mul i64 %".8", 0
  %".78" = add i64 %".65", %".77"
  %".79" = add i64 %".78", 32
  %".80" = inttoptr i64 %".79" to ptr
  %".81" = load <8 x float>, ptr %".80", align 4
  %".82" = mul i64 %".5", 0
  %".83" = add i64 %".4", %".82"
  %".84" = inttoptr i64 %".83" to ptr
  %".85" = getelementptr float, ptr %".84", i64 %".64"
  %".86" = load float, ptr %".85"
  %".87" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".86", i32 0
  %".88" = shufflevector <8 x float> %".87", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".89" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".88", <8 x float> %".76", <8 x float> %".66")
  %".90" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".88", <8 x float> %".81", <8 x float> %".67")
  %".91" = mul i64 %".5", 1
  %".92" = add i64 %".4", %".91"
  %".93" = inttoptr i64 %".92" to ptr
  %".94" = getelementptr float, ptr %".93", i64 %".64"
  %".95" = load float, ptr %".94"
  %".96" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".95", i32 0
  %".97" = shufflevector <8 x float> %".96", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".98" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".97", <8 x float> %".76", <8 x float> %".68")
  %".99" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".97", <8 x float> %".81", <8 x float> %".69")
  %".100" = add i64 %".65", 64
  %".101" = add i64 %".64", 1
  br label %"head.1"
after.1:
  %".103" = mul i64 %".10", 0
  %".104" = add i64 %".9", %".103"
  %".105" = add i64 %".104", 0
  %".106" = inttoptr i64 %".105" to ptr
  store <8 x float> %".66", ptr %".106", align 4
  %".108" = mul i64 %".10", 0
  %".109" = add i64 %".9", %".108"
  %".110" = add i64 %".109", 32
  %".111" = inttoptr i64 %".110" to ptr
  store <8 x float> %".67", ptr %".111", align 4
  %".113" = mul i64 %".10", 1
  %".114" = add i64 %".9", %".113"
  %".115" = add i64 %".114", 0
  %".116" = inttoptr i64 %".115" to ptr
  store <8 x float> %".68", ptr %".116", align 4
  %".118" = mul i64 %".10", 1
  %".119" = add i64 %".9", %".118"
  %".120" = add i64 %".119", 32
  %".121" = inttoptr i64 %".120" to ptr
  store <8 x float> %".69", ptr %".121", align 4
  ret void
}

define internal void @"tile_1x1_2"(i64 %".1", i64 %".2", i64 %".3", i64 %".4", i64 %".5", i64 %".6", i64 %".7", i64 %".8", i64 %".9", i64 %".10") noinline
{
entry:
  %".12" = mul i64 %".8", 0
  %".13" = add i64 %".7", %".12"
  %".14" = add i64 %".13", 0
  %".15" = inttoptr i64 %".14" to ptr
  %".16" = load <8 x float>, ptr %".15", align 4
  %".17" = mul i64 %".8", 0
  %".18" = add i64 %".7", %".17"
  %".19" = add i64 %".18", 32
  %".20" = inttoptr i64 %".19" to ptr
  %".21" = load <8 x float>, ptr %".20", align 4
  %".22" = add i64 %".7", 64
  br label %"head"
head:
  %".24" = phi  i64 [0, %"entry"], [%".50", %"body"]
  %".25" = phi  i64 [%".22", %"entry"], [%".49", %"body"]
  %".26" = phi  <8 x float> [%".16", %"entry"], [%".47", %"body"]
  %".27" = phi  <8 x float> [%".21", %"entry"], [%".48", %"body"]
  %".28" = icmp slt i64 %".24", %".3"
  br i1 %".28", label %"body", label %"after"
body:
  %".30" = mul i64 %".8", 0
  %".31" = add i64 %".25", %".30"
  %".32" = add i64 %".31", 0
  %".33" = inttoptr i64 %".32" to ptr
  %".34" = load <8 x float>, ptr %".33", align 4
  %".35" = mul i64 %".8", 0
  %".36" = add i64 %".25", %".35"
  %".37" = add i64 %".36", 32
  %".38" = inttoptr i64 %".37" to ptr
  %".39" = load <8 x float>, ptr %".38", align 4
  %".40" = mul i64 %".2", 0
  %".41" = add i64 %".1", %".40"
  %".42" = inttoptr i64 %".41" to ptr
  %".43" = getelementptr float, ptr %".42", i64 %".24"
  %".44" = load float, ptr %".43"
  %".45" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".44", i32 0
  %".46" = shufflevector <8 x float> %".45", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".47" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".46", <8 x float> %".34", <8 x float> %".26")
  %".48" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".46", <8 x float> %".39", <8 x float> %".27")
  %".49" = add i64 %".25", 64
  %".50" = add i64 %".24", 1
  br label %"head"
after:
  br label %"head.1"
head.1:
  %".53" = phi  i64 [0, %"after"], [%".79", %"body.1"]
  %".54" = phi  i64 [%".25", %"after"], [%".78", %"body.1"]
  %".55" = phi  <8 x float> [%".26", %"after"], [%".76", %"body.1"]
  %".56" = phi  <8 x float> [%".27", %"after"], [%".77", %"body.1"]
  %".57" = icmp slt i64 %".53", %".6"
  br i1 %".57", label %"body.1", label %"after.1"
body.1:
  %".59" = mul i64 %".8", 0
  %".60" = add i64 %".54", %".59"
  %".61" = add i64 %".60", 0
  %".62" = inttoptr i64 %".61" to ptr
  %".63" = load <8 x float>, ptr %".62", align 4
  %".64" = mul i64 %".8", 0
  %".65" = add i64 %".54", %".64"
  %".66" = add i64 %".65", 32
  %".67" = inttoptr i64 %".66" to ptr
  %".68" = load <8 x float>, ptr %".67", align 4
  %".69" = mul i64 %".5", 0
  %".70" = add i64 %".4", %".69"
  %".71" = inttoptr i64 %".70" to ptr
  %".72" = getelementptr float, ptr %".71", i64 %".53"
  %".73" = load float, ptr %".72"
  %".74" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".73", i32 0
  %".75" = shufflevector <8 x float> %".74", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".76" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".75", <8 x float> %".63", <8 x float> %".55")
  %".77" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".75", <8 x float> %".68", <8 x float> %".56")
  %".78" = add i64 %".54", 64
  %".79" = add i64 %".53", 1
  br label %"head.1"
after.1:
  %".81" = mul i64 %".10", 0
  %".82" = add i64 %".9", %".81"
  %".83" = add i64 %".82", 0
  %".84" = inttoptr i64 %".83" to ptr
  store <8 x float> %".55", ptr %".84", align 4
  %".86" = mul i64 %".10", 0
  %".87" = add i64 %".9", %".86"
  %".88" = add i64 %".87", 32
  %".89" = inttoptr i64 %".88" to ptr
  store <8 x float> %".56", ptr %".89", align 4
  ret void
}

define internal void @"tile_6x1_2"(i64 %".1", i64 %".2", i64 %".3", i64 %".4", i64 %".5", i64 %".6", i64 %".7", i64 %".8", i64 %".9", i64 %".10") noinline
{
entry:
  %".12" = mul i64 %".8", 0
  %".13" = add i64 %".7", %".12"
  %".14" = add i64 %".13", 0
  %".15" = inttoptr i64 %".14" to ptr
  %".16" = load <8 x float>, ptr %".15", align 4
  %".17" = mul i64 %".8", 0
  %".18" = add i64 %".7", %".17"
  %".19" = add i64 %".18", 32
  %".20" = inttoptr i64 %".19" to ptr
  %".21" = load <8 x float>, ptr %".20", align 4
  %".22" = add i64 %".7", 64
  br label %"head"
head:
  %".24" = phi  i64 [0, %"entry"], [%".105", %"body"]
  %".25" = phi  i64 [%".22", %"entry"], [%".104", %"body"]
  %".26" = phi  <8 x float> [%".16", %"entry"], [%".57", %"body"]
  %".27" = phi  <8 x float> [%".21", %"entry"], [%".58", %"body"]
  %".28" = phi  <8 x float> [%".16", %"entry"], [%".66", %"body"]
  %".29" = phi  <8 x float> [%".21", %"entry"], [%".67", %"body"]
  %".30" = phi  <8 x float> [%".16", %"entry"], [%".75", %"body"]
  %".31" = phi  <8 x float> [%".21", %"entry"], [%".76", %"body"]
  %".32" = phi  <8 x float> [%".16", %"entry"], [%".84", %"body"]
  %".33" = phi  <8 x float> [%".21", %"entry"], [%".85", %"body"]
  %".34" = phi  <8 x float> [%".16", %"entry"], [%".93", %"body"]
  %".35" = phi  <8 x float> [%".21", %"entry"], [%".94", %"body"]
  %".36" = phi  <8 x float> [%".16", %"entry"], [%".102", %"body"]
  %".37" = phi  <8 x float> [%".21", %"entry"], [%".103", %"body"]
  %".38" = icmp slt i64 %".24", %".3"
  br i1 %".38", label %"body", label %"after"
body:
  %".40" = mul i64 %".8", 0
  %".41" = add i64 %".25", %".40"
  %".42" = add i64 %".41", 0
  %".43" = inttoptr i64 %".42" to ptr
  %".44" = load <8 x float>, ptr %".43", align 4
  %".45" = mul i64 %".8", 0
  %".46" = add i64 %".25", %".45"
  %".47" = add i64 %".46", 32
  %".48" = inttoptr i64 %".47" to ptr
  %".49" = load <8 x float>, ptr %".48", align 4
  %".50" = mul i64 %".2", 0
  %".51" = add i64 %".1", %".50"
  %".52" = inttoptr i64 %".51" to ptr
  %".53" = getelementptr float, ptr %".52", i64 %".24"
  %".54" = load float, ptr %".53"
  %".55" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".54", i32 0
  %".56" = shufflevector <8 x float> %".55", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".57" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".56", <8 x float> %".44", <8 x float> %".26")
  %".58" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".56", <8 x float> %".49", <8 x float> %".27")
  %".59" = mul i64 %".2", 1
  %".60" = add i64 %".1", %".59"
  %".61" = inttoptr i64 %".60" to ptr
  %".62" = getelementptr float, ptr %".61", i64 %".24"
  %".63" = load float, ptr %".62"
  %".64" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".63", i32 0
  %".65" = shufflevector <8 x float> %".64", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".66" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".65", <8 x float> %".44", <8 x float> %".28")
  %".67" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".65", <8 x float> %".49", <8 x float> %".29")
  %".68" = mul i64 %".2", 2
  %".69" = add i64 %".1", %".68"
  %".70" = inttoptr i64 %".69" to ptr
  %".71" = getelementptr float, ptr %".70", i64 %".24"
  %".72" = load float, ptr %".71"
  %".73" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".72", i32 0
  %".74" = shufflevector <8 x float> %".73", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".75" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".74", <8 x float> %".44", <8 x float> %".30")
  %".76" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".74", <8 x float> %".49", <8 x float> %".31")
  %".77" = mul i64 %".2", 3
  %".78" = add i64 %".1", %".77"
  %".79" = inttoptr i64 %".78" to ptr
  %".80" = getelementptr float, ptr %".79", i64 %".24"
  %".81" = load float, ptr %".80"
  %".82" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".81", i32 0
  %".83" = shufflevector <8 x float> %".82", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".84" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".83", <8 x float> %".44", <8 x float> %".32")
  %".85" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".83", <8 x float> %".49", <8 x float> %".33")
  %".86" = mul i64 %".2", 4
  %".87" = add i64 %".1", %".86"
  %".88" = inttoptr i64 %".87" to ptr
  %".89" = getelementptr float, ptr %".88", i64 %".24"
  %".90" = load float, ptr %".89"
  %".91" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".90", i32 0
  %".92" = shufflevector <8 x float> %".91", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".93" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".92", <8 x float> %".44", <8 x float> %".34")
  %".94" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".92", <8 x float> %".49", <8 x float> %".35")
  %".95" = mul i64 %".2", 5
  %".96" = add i64 %".1", %".95"
  %".97" = inttoptr i64 %".96" to ptr
  %".98" = getelementptr float, ptr %".97", i64 %".24"
  %".99" = load float, ptr %".98"
  %".100" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".99", i32 0
  %".101" = shufflevector <8 x float> %".100", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".102" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".101", <8 x float> %".44", <8 x float> %".36")
  %".103" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".101", <8 x float> %".49", <8 x float> %".37")
  %".104" = add i64 %".25", 64
  %".105" = add i64 %".24", 1
  br label %"head"
after:
  br label %"head.1"
head.1:
  %".108" = phi  i64 [0, %"after"], [%".189", %"body.1"]
  %".109" = phi  i64 [%".25", %"after"], [%".188", %"body.1"]
  %".110" = phi  <8 x float> [%".26", %"after"], [%".141", %"body.1"]
  %".111" = phi  <8 x float> [%".27", %"after"], [%".142", %"body.1"]
  %".112" = phi  <8 x float> [%".28", %"after"], [%".150", %"body.1"]
  %".113" = phi  <8 x float> [%".29", %"after"], [%".151", %"body.1"]
  %".114" = phi  <8 x float> [%".30", %"after"], [%".159", %"body.1"]
  %".115" = phi  <8 x float> [%".31", %"after"], [%".160", %"body.1"]
  %".116" = phi  <8 x float> [%".32", %"after"], [%".168", %"body.1"]
  %".117" = phi  <8 x float> [%".33", %"after"], [%".169", %"body.1"]
  %".118" = phi  <8 x float> [%".34", %"after"], [%".177", %"body.1"]
  %".119" = phi  <8 x float> [%".35", %"after"], [%".178", %"body.1"]
  %".120" = phi  <8 x float> [%".36", %"after"], [%".186", %"body.1"]
  %".121" = phi  <8 x float> [%".37", %"after"], [%".187", %"body.1"]
  %".122" = icmp slt i64 %".108", %".6"
  br i1 %".122", label %"body.1", label %"after.1"
body.1:
  %".124" = mul i64 %".8", 0
  %".125" = add i64 %".109", %".124"
  %".126" = add i64 %".125", 0
  %".127" = inttoptr i64 %".126" to ptr
  %".128" = load <8 x float>, ptr %".127", align 4
  %".129" = mul i64 %".8", 0
  %".130" = add i64 %".109", %".129"
  %".131" = add i64 %".130", 32
  %".132" = inttoptr i64 %".131" to ptr
  %".133" = load <8 x float>, ptr %".132", align 4
  %".134" = mul i64 %".5", 0
  %".135" = add i64 %".4", %".134"
  %".136" = inttoptr i64 %".135" to ptr
  %".137" = getelementptr float, ptr %".136", i64 %".108"
  %".138" = load float, ptr %".137"
  %".139" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".138", i32 0
  %".140" = shufflevector <8 x float> %".139", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".141" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".140", <8 x float> %".128", <8 x float> %".110")
  %".142" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".140", <8 x float> %".133", <8 x float> %".111")
  %".143" = mul i64 %".5", 1
  %".144" = add i64 %".4", %".143"
  %".145" = inttoptr i64 %".144" to ptr
  %".146" = getelementptr float, ptr %".145", i64 %".108"
  %".147" = load float, ptr %".146"
  %".148" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".147", i32 0
  %".149" = shufflevector <8 x float> %".148", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".150" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".149", <8 x float> %".128", <8 x float> %".112")
  %".151" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".149", <8 x float> %".133", <8 x float> %".113")
  %".152" = mul i64 %".5", 2
  %".153" = add i64 %".4", %".152"
  %".154" = inttoptr i64 %".153" to ptr
  %".155" = getelementptr float, ptr %".154", i64 %".108"
  %".156" = load float, ptr %".155"
  %".157" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".156", i32 0
  %".158" = shufflevector <8 x float> %".157", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".159" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".158", <8 x float> %".128", <8 x float> %".114")
  %".160" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".158", <8 x float> %".133", <8 x float> %".115")
  %".161" = mul i64 %".5", 3
  %".162" = add i64 %".4", %".161"
  %".163" = inttoptr i64 %".162" to ptr
  %".164" = getelementptr float, ptr %".163", i64 %".108"
  %".165" = load float, ptr %".164"
  %".166" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".165", i32 0
  %".167" = shufflevector <8 x float> %".166", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".168" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".167", <8 x float> %".128", <8 x float> %".116")
  %".169" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".167", <8 x float> %".133", <8 x float> %".117")
  %".170" = mul i64 %".5", 4
  %".171" = add i64 %".4", %".170"
  %".172" = inttoptr i64 %".171" to ptr
  %".173" = getelementptr float, ptr %".172", i64 %".108"
  %".174" = load float, ptr %".173"
  %".175" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".174", i32 0
  %".176" = shufflevector <8 x float> %".175", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".177" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".176", <8 x float> %".128", <8 x float> %".118")
  %".178" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".176", <8 x float> %".133", <8 x float> %".119")
  %".179" = mul i64 %".5", 5
  %".180" = add i64 %".4", %".179"
  %".181" = inttoptr i64 %".180" to ptr
  %".182" = getelementptr float, ptr %".181", i64 %".108"
  %".183" = load float, ptr %".182"
  %".184" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".183", i32 0
  %".185" = shufflevector <8 x float> %".184", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".186" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".185", <8 x float> %".128", <8 x float> %".120")
  %".187" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".185", <8 x float> %".133", <8 x float> %".121")
  %".188" = add i64 %".109", 64
  %".189" = add i64 %".108", 1
  br label %"head.1"
after.1:
  %".191" = mul i64 %".10", 0
  %".192" = add i64 %".9", %".191"
  %".193" = add i64 %".192", 0
  %".194" = inttoptr i64 %".193" to ptr
  store <8 x float> %".110", ptr %".194", align 4
  %".196" = mul i64 %".10", 0
  %".197" = add i64 %".9", %".196"
  %".198" = add i64 %".197", 32
  %".199" = inttoptr i64 %".198" to ptr
  store <8 x float> %".111", ptr %".199", align 4
  %".201" = mul i64 %".10", 1
  %".202" = add i64 %".9", %".201"
  %".203" = add i64 %".202", 0
  %".204" = inttoptr i64 %".203" to ptr
  store <8 x float> %".112", ptr %".204", align 4
  %".206" = mul i64 %".10", 1
  %".207" = add i64 %".9", %".206"
  %".208" = add i64 %".207", 32
  %".209" = inttoptr i64 %".208" to ptr
  store <8 x float> %".113", ptr %".209", align 4
  %".211" = mul i64 %".10", 2
  %".212" = add i64 %".9", %".211"
  %".213" = add i64 %".212", 0
  %".214" = inttoptr i64 %".213" to ptr
  store <8 x float> %".114", ptr %".214", align 4
  %".216" = mul i64 %".10", 2
  %".217" = add i64 %".9", %".216"
  %".218" = add i64 %".217", 32
  %".219" = inttoptr i64 %".218" to ptr
  store <8 x float> %".115", ptr %".219", align 4
  %".221" = mul i64 %".10", 3
  %".222" = add i64 %".9", %".221"
  %".223" = add i64 %".222", 0
  %".224" = inttoptr i64 %".223" to ptr
  store <8 x float> %".116", ptr %".224", align 4
  %".226" = mul i64 %".10", 3
  %".227" = add i64 %".9", %".226"
  %".228" = add i64 %".227", 32
  %".229" = inttoptr i64 %".228" to ptr
  store <8 x float> %".117", ptr %".229", align 4
  %".231" = mul i64 %".10", 4
  %".232" = add i64 %".9", %".231"
  %".233" = add i64 %".232", 0
  %".234" = inttoptr i64 %".233" to ptr
  store <8 x float> %".118", ptr %".234", align 4
  %".236" = mul i64 %".10", 4
  %".237" = add i64 %".9", %".236"
  %".238" = add i64 %".237", 32
  %".239" = inttoptr i64 %".238" to ptr
  store <8 x float> %".119", ptr %".239", align 4
  %".241" = mul i64 %".10", 5
  %".242" = add i64 %".9", %".241"
  %".243" = add i64 %".242", 0
  %".244" = inttoptr i64 %".243" to ptr
  store <8 x float> %".120", ptr %".244", align 4
  %".246" = mul i64 %".10", 5
  %".247" = add i64 %".9", %".246"
  %".248" = add i64 %".247", 32
  %".249" = inttoptr i64 %".248" to ptr
  store <8 x float> %".121", ptr %".249", align 4
  ret void
}

define internal void @"tile_4x1_2"(i64 %".1", i64 %".2", i64 %".3", i64 %".4", i64 %".5", i64 %".6", i64 %".7", i64 %".8", i64 %".9", i64 %".10") noinline
{
entry:
  %".12" = mul i64 %".8", 0
  %".13" = add i64 %".7", %".12"
  %".14" = add i64 %".13", 0
  %".15" = inttoptr i64 %".14" to ptr
  %".16" = load <8 x float>, ptr %".15", align 4
  %".17" = mul i64 %".8", 0
  %".18" = add i64 %".7", %".17"
  %".19" = add i64 %".18", 32
  %".20" = inttoptr i64 %".19" to ptr
  %".21" = load <8 x float>, ptr %".20", align 4
  %".22" = add i64 %".7", 64
  br label %"head"
head:
  %".24" = phi  i64 [0, %"entry"], [%".83", %"body"]
  %".25" = phi  i64 [%".22", %"entry"], [%".82", %"body"]
  %".26" = phi  <8 x float> [%".16", %"entry"], [%".53", %"body"]
  %".27" = phi  <8 x float> [%".21", %"entry"], [%".54", %"body"]
  %".28" = phi  <8 x float> [%".16", %"entry"], [%".62", %"body"]
  %".29" = phi  <8 x float> [%".21", %"entry"], [%".63", %"body"]
  %".30" = phi  <8 x float> [%".16", %"entry"], [%".71", %"body"]
  %".31" = phi  <8 x float> [%".21", %"entry"], [%".72", %"body"]
  %".32" = phi  <8 x float> [%".16", %"entry"], [%".80", %"body"]
  %".33" = phi  <8 x float> [%".21", %"entry"], [%".81", %"body"]
  %".34" = icmp slt i64 %".24", %".3"
  br i1 %".34", label %"body", label %"after"
body:
  %".36" = mul i64 %".8", 0
  %".37" = add i64 %".25", %".36"
  %".38" = add i64 %".37", 0
  %".39" = inttoptr i64 %".38" to ptr
  %".40" = load <8 x float>, ptr %".39", align 4
  %".41" = mul i64 %".8", 0
  %".42" = add i64 %".25", %".41"
  %".43" = add i64 %".42", 32
  %".44" = inttoptr i64 %".43" to ptr
  %".45" = load <8 x float>, ptr %".44", align 4
  %".46" = mul i64 %".2", 0
  %".47" = add i64 %".1", %".46"
  %".48" = inttoptr i64 %".47" to ptr
  %".49" = getelementptr float, ptr %".48", i64 %".24"
  %".50" = load float, ptr %".49"
  %".51" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".50", i32 0
  %".52" = shufflevector <8 x float> %".51", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".53" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".52", <8 x float> %".40", <8 x float> %".26")
  %".54" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".52", <8 x float> %".45", <8 x float> %".27")
  %".55" = mul i64 %".2", 1
  %".56" = add i64 %".1", %".55"
  %".57" = inttoptr i64 %".56" to ptr
  %".58" = getelementptr float, ptr %".57", i64 %".24"
  %".59" = load float, ptr %".58"
  %".60" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".59", i32 0
  %".61" = shufflevector <8 x float> %".60", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".62" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".61", <8 x float> %".40", <8 x float> %".28")
  %".63" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".61", <8 x float> %".45", <8 x float> %".29")
  %".64" = mul i64 %".2", 2
  %".65" = add i64 %".1", %".64"
  %".66" = inttoptr i64 %".65" to ptr
  %".67" = getelementptr float, ptr %".66", i64 %".24"
  %".68" = load float, ptr %".67"
  %".69" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".68", i32 0
  %".70" = shufflevector <8 x float> %".69", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".71" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".70", <8 x float> %".40", <8 x float> %".30")
  %".72" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".70", <8 x float> %".45", <8 x float> %".31")
  %".73" = mul i64 %".2", 3
  %".74" = add i64 %".1", %".73"
  %".75" = inttoptr i64 %".74" to ptr
  %".76" = getelementptr float, ptr %".75", i64 %".24"
  %".77" = load float, ptr %".76"
  %".78" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".77", i32 0
  %".79" = shufflevector <8 x float> %".78", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".80" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".79", <8 x float> %".40", <8 x float> %".32")
  %".81" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".79", <8 x float> %".45", <8 x float> %".33")
  %".82" = add i64 %".25", 64
  %".83" = add i64 %".24", 1
  br label %"head"
after:
  br label %"head.1"
head.1:
  %".86" = phi  i64 [0, %"after"], [%".145", %"body.1"]
  %".87" = phi  i64 [%".25", %"after"], [%".144", %"body.1"]
  %".88" = phi  <8 x float> [%".26", %"after"], [%".115", %"body.1"]
  %".89" = phi  <8 x float> [%".27", %"after"], [%".116", %"body.1"]
  %".90" = phi  <8 x float> [%".28", %"after"], [%".124", %"body.1"]
  %".91" = phi  <8 x float> [%".29", %"after"], [%".125", %"body.1"]
  %".92" = phi  <8 x float> [%".30", %"after"], [%".133", %"body.1"]
  %".93" = phi  <8 x float> [%".31", %"after"], [%".134", %"body.1"]
  %".94" = phi  <8 x float> [%".32", %"after"], [%".142", %"body.1"]
  %".95" = phi  <8 x float> [%".33", %"after"], [%".143", %"body.1"]
  %".96" = icmp slt i64 %".86", %".6"
  br i1 %".96", label %"body.1", label %"after.1"
body.1:
  %".98" = mul i64 %".8", 0
  %".99" = add i64 %".87", %".98"
  %".100" = add i64 %".99", 0
  %".101" = inttoptr i64 %".100" to ptr
  %".102" = load <8 x float>, ptr %".101", align 4
  %".103" = mul i64 %".8", 0
  %".104" = add i64 %".87", %".103"
  %".105" = add i64 %".104", 32
  %".106" = inttoptr i64 %".105" to ptr
  %".107" = load <8 x float>, ptr %".106", align 4
  %".108" = mul i64 %".5", 0
  %".109" = add i64 %".4", %".108"
  %".110" = inttoptr i64 %".109" to ptr
  %".111" = getelementptr float, ptr %".110", i64 %".86"
  %".112" = load float, ptr %".111"
  %".113" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".112", i32 0
  %".114" = shufflevector <8 x float> %".113", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".115" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".114", <8 x float> %".102", <8 x float> %".88")
  %".116" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".114", <8 x float> %".107", <8 x float> %".89")
  %".117" = mul i64 %".5", 1
  %".118" = add i64 %".4", %".117"
  %".119" = inttoptr i64 %".118" to ptr
  %".120" = getelementptr float, ptr %".119", i64 %".86"
  %".121" = load float, ptr %".120"
  %".122" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".121", i32 0
  %".123" = shufflevector <8 x float> %".122", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".124" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".123", <8 x float> %".102", <8 x float> %".90")
  %".125" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".123", <8 x float> %".107", <8 x float> %".91")
  %".126" = mul i64 %".5", 2
  %".127" = add i64 %".4", %".126"
  %".128" = inttoptr i64 %".127" to ptr
  %".129" = getelementptr float, ptr %".128", i64 %".86"
  %".130" = load float, ptr %".129"
  %".131" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".130", i32 0
  %".132" = shufflevector <8 x float> %".131", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".133" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".132", <8 x float> %".102", <8 x float> %".92")
  %".134" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".132", <8 x float> %".107", <8 x float> %".93")
  %".135" = mul i64 %".5", 3
  %".136" = add i64 %".4", %".135"
  %".137" = inttoptr i64 %".136" to ptr
  %".138" = getelementptr float, ptr %".137", i64 %".86"
  %".139" = load float, ptr %".138"
  %".140" = insertelement <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, float %".139", i32 0
  %".141" = shufflevector <8 x float> %".140", <8 x float> <float undef, float undef, float undef, float undef, float undef, float undef, float undef, float undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".142" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".141", <8 x float> %".102", <8 x float> %".94")
  %".143" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".141", <8 x float> %".107", <8 x float> %".95")
  %".144" = add i64 %".87", 64
  %".145" = add i64 %".86", 1
  br label %"head.1"
after.1:
  %".147" = mul i64 %".10", 0
  %".148" = add i64 %".9", %".147"
  %".149" = add i64 %".148", 0
  %".150" = inttoptr i64 %".149" to ptr
  store <8 x float> %".88", ptr %".150", align 4
  %".152" = mul i64 %".10", 0
  %".153" = add i64 %".9", %".152"
  %".154" = add i64 %".153", 32
  %".155" = inttoptr i64 %".154" to ptr
  store <8 x float> %".89", ptr %".155", align 4
  %".157" = mul i64 %".10", 1
  %".158" = add i64 %".9", %".157"
  %".159" = add i64 %".158", 0
  %".160" = inttoptr i64 %".159" to ptr
  store <8 x float> %".90", ptr %".160", align 4
  %".162" = mul i64 %".10", 1
  %".163" = add i64 %".9", %".162"
  %".164" = add i64 %".163", 32
  %".165" = inttoptr i64 %".164" to ptr
  store <8 x float> %".91", ptr %".165", align 4
  %".167" = mul i64 %".10", 2
  %".168" = add i64 %".9", %".167"
  %".169" = add i64 %".168", 0
  %".170" = inttoptr i64 %".169" to ptr
  store <8 x float> %".92", ptr %".170", align 4
  %".172" = mul i64 %".10", 2
  %".173" = add i64 %".9", %".172"
  %".174" = add i64 %".173", 32
  %".175" = inttoptr i64 %".174" to ptr
  store <8 x float> %".93", ptr %".175", align 4
  %".177" = mul i64 %".10", 3
  %".178" = add i64 %".9", %".177"
  %".179" = add i64 %".178", 0
  %".180" = inttoptr i64 %".179" to ptr
  store <8 x float> %".94", ptr %".180", align 4
  %".182" = mul i64 %".10", 3
  %".183" = add i64 %".9", %".182"
  %".184" = add i64 %".183", 32
  %".185" = inttoptr i64 %".184" to ptr
  store <8 x float> %".95", ptr %".185", align 4
  ret void
}

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

declare <16 x float> @"llvm.fabs.v16f32"(<16 x float> %".1")

declare <16 x float> @"llvm.fma.v16f32"(<16 x float> %".1", <16 x float> %".2", <16 x float> %".3")

declare <16 x float> @"llvm.copysign.v16f32"(<16 x float> %".1", <16 x float> %".2")

declare <8 x float> @"llvm.fabs.v8f32"(<8 x float> %".1")

declare <8 x float> @"llvm.copysign.v8f32"(<8 x float> %".1", <8 x float> %".2")

declare <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".1", i32 %".2", <8 x i1> %".3", <8 x float> %".4")

declare void @"llvm.masked.store.v8f32.p0"(<8 x float> %".1", ptr %".2", i32 %".3", <8 x i1> %".4")

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
