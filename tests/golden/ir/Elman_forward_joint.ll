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
  %".47" = getelementptr i64, ptr %".46", i64 15
  %".48" = load i64, ptr %".47"
  %".55" = inttoptr i64 %".1" to ptr
  %".56" = getelementptr i64, ptr %".55", i64 16
  %".57" = load i64, ptr %".56"
  %".58" = inttoptr i64 %".1" to ptr
  %".59" = getelementptr i64, ptr %".58", i64 17
  %".60" = load i64, ptr %".59"
  %".64" = inttoptr i64 %".1" to ptr
  %".65" = getelementptr i64, ptr %".64", i64 12
  %".66" = load i64, ptr %".65"
  %".68" = inttoptr i64 %".1" to ptr
  %".69" = getelementptr i64, ptr %".68", i64 18
  %".70" = load i64, ptr %".69"
  %".71" = inttoptr i64 %".1" to ptr
  %".72" = getelementptr i64, ptr %".71", i64 19
  %".73" = load i64, ptr %".72"
  %".77" = inttoptr i64 %".1" to ptr
  %".78" = getelementptr i64, ptr %".77", i64 13
  %".79" = load i64, ptr %".78"
  %".81" = inttoptr i64 %".1" to ptr
  %".82" = getelementptr i64, ptr %".81", i64 20
  %".83" = load i64, ptr %".82"
  %".84" = inttoptr i64 %".1" to ptr
  %".85" = getelementptr i64, ptr %".84", i64 5
  %".86" = load i64, ptr %".85"
  %".88" = inttoptr i64 %".1" to ptr
  %".89" = getelementptr i64, ptr %".88", i64 21
  %".90" = load i64, ptr %".89"
  %".96" = inttoptr i64 %".1" to ptr
  %".97" = getelementptr i64, ptr %".96", i64 14
  %".98" = load i64, ptr %".97"
  %".286" = inttoptr i64 %".1" to ptr
  %".287" = getelementptr i64, ptr %".286", i64 11
  %".288" = load i64, ptr %".287"
  %".318" = inttoptr i64 %".1" to ptr
  %".319" = getelementptr i64, ptr %".318", i64 22
  %".320" = load i64, ptr %".319"
  %".321" = inttoptr i64 %".1" to ptr
  %".322" = getelementptr i64, ptr %".321", i64 23
  %".323" = load i64, ptr %".322"
  %".331" = inttoptr i64 %".1" to ptr
  %".332" = getelementptr i64, ptr %".331", i64 24
  %".333" = load i64, ptr %".332"
  %".334" = inttoptr i64 %".1" to ptr
  %".335" = getelementptr i64, ptr %".334", i64 25
  %".336" = load i64, ptr %".335"
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
  %".49" = mul i64 %".48", %".2"
  %".50" = sdiv i64 %".49", %".3"
  %".51" = add i64 %".2", 1
  %".52" = mul i64 %".48", %".51"
  %".53" = sdiv i64 %".52", %".3"
  %".54" = add i64 %".32", 0
  %".61" = mul i64 %".60", 4
  %".62" = mul i64 %".54", %".61"
  %".63" = add i64 %".57", %".62"
  %".67" = add i64 %".32", 0
  %".74" = mul i64 %".73", 4
  %".75" = mul i64 %".67", %".74"
  %".76" = add i64 %".70", %".75"
  %".80" = sub i64 0, 0
  %".87" = add i64 %".83", %".86"
  %".91" = mul i64 %".90", 4
  %".92" = mul i64 %".80", %".91"
  %".93" = add i64 %".87", %".92"
  %".94" = mul i64 %".90", 4
  %".95" = sub i64 %".34", 0
  %".99" = add i64 1, %".66"
  %".100" = add i64 %".99", %".79"
  %".101" = mul i64 %".100", 64
  %".102" = icmp slt i64 %".95", 4
  br i1 %".102", label %"body.if.if", label %"body.if.else"
body.endif:
  br label %"head"
body.if.if:
  br label %"head.1"
body.if.else:
  br label %"head.7"
body.if.endif:
  call void @"barrier"(i64 %".288", i64 %".3")
  %".290" = mul i64 %".34", %".2"
  %".291" = sdiv i64 %".290", %".3"
  %".292" = add i64 %".2", 1
  %".293" = mul i64 %".34", %".292"
  %".294" = sdiv i64 %".293", %".3"
  %".295" = sub i64 8, 1
  %".296" = add i64 %".79", %".295"
  %".297" = sdiv i64 %".296", 8
  %".298" = mul i64 %".297", %".2"
  %".299" = sdiv i64 %".298", %".3"
  %".300" = add i64 %".2", 1
  %".301" = mul i64 %".297", %".300"
  %".302" = sdiv i64 %".301", %".3"
  %".303" = mul i64 %".299", 8
  %".304" = mul i64 %".302", 8
  %".305" = icmp slt i64 %".304", %".79"
  %".306" = select  i1 %".305", i64 %".304", i64 %".79"
  %".307" = icmp sge i64 %".34", %".3"
  %".308" = select  i1 %".307", i64 %".291", i64 0
  %".309" = select  i1 %".307", i64 %".294", i64 %".34"
  %".310" = select  i1 %".307", i64 0, i64 %".303"
  %".311" = select  i1 %".307", i64 %".79", i64 %".306"
  br label %"head.12"
head.1:
  %".105" = phi  i64 [%".50", %"body.if.if"], [%".106", %"after.3"]
  %".106" = add i64 %".105", 2
  %".107" = icmp sle i64 %".106", %".53"
  br i1 %".107", label %"body.1", label %"after.1"
body.1:
  %".109" = mul i64 %".105", %".101"
  %".110" = add i64 %".98", %".109"
  %".111" = mul i64 %".105", 64
  %".112" = add i64 %".93", %".111"
  %".113" = srem i64 %".95", 2
  %".114" = icmp eq i64 %".113", 0
  %".115" = icmp sgt i64 %".95", 2
  %".116" = and i1 %".114", %".115"
  br label %"head.2"
after.1:
  br label %"head.4"
head.2:
  %".118" = phi  i64 [0, %"body.1"], [%".119", %"body.2"]
  %".119" = add i64 %".118", 2
  %".120" = icmp sle i64 %".119", %".95"
  br i1 %".120", label %"body.2", label %"after.2"
body.2:
  %".122" = mul i64 %".60", 4
  %".123" = mul i64 %".118", %".122"
  %".124" = add i64 %".63", %".123"
  %".125" = mul i64 %".60", 4
  %".126" = mul i64 %".73", 4
  %".127" = mul i64 %".118", %".126"
  %".128" = add i64 %".76", %".127"
  %".129" = mul i64 %".73", 4
  %".130" = mul i64 %".118", %".94"
  %".131" = add i64 %".112", %".130"
  call void @"tile_2x2_2"(i64 %".124", i64 %".125", i64 %".66", i64 %".128", i64 %".129", i64 %".79", i64 %".110", i64 %".101", i64 %".131", i64 %".94")
  br label %"head.2"
after.2:
  br label %"head.3"
head.3:
  %".135" = phi  i64 [%".118", %"after.2"], [%".136", %"body.3"]
  %".136" = add i64 %".135", 1
  %".137" = icmp sle i64 %".136", %".95"
  br i1 %".137", label %"body.3", label %"after.3"
body.3:
  %".139" = mul i64 %".60", 4
  %".140" = mul i64 %".135", %".139"
  %".141" = add i64 %".63", %".140"
  %".142" = mul i64 %".60", 4
  %".143" = mul i64 %".73", 4
  %".144" = mul i64 %".135", %".143"
  %".145" = add i64 %".76", %".144"
  %".146" = mul i64 %".73", 4
  %".147" = mul i64 %".135", %".94"
  %".148" = add i64 %".112", %".147"
  call void @"tile_1x2_2"(i64 %".141", i64 %".142", i64 %".66", i64 %".145", i64 %".146", i64 %".79", i64 %".110", i64 %".101", i64 %".148", i64 %".94")
  br label %"head.3"
after.3:
  br label %"head.1"
head.4:
  %".153" = phi  i64 [%".105", %"after.1"], [%".154", %"after.6"]
  %".154" = add i64 %".153", 1
  %".155" = icmp sle i64 %".154", %".53"
  br i1 %".155", label %"body.4", label %"after.4"
body.4:
  %".157" = mul i64 %".153", %".101"
  %".158" = add i64 %".98", %".157"
  %".159" = mul i64 %".153", 64
  %".160" = add i64 %".93", %".159"
  %".161" = srem i64 %".95", 2
  %".162" = icmp eq i64 %".161", 0
  %".163" = icmp sgt i64 %".95", 2
  %".164" = and i1 %".162", %".163"
  br label %"head.5"
after.4:
  br label %"body.if.endif"
head.5:
  %".166" = phi  i64 [0, %"body.4"], [%".167", %"body.5"]
  %".167" = add i64 %".166", 2
  %".168" = icmp sle i64 %".167", %".95"
  br i1 %".168", label %"body.5", label %"after.5"
body.5:
  %".170" = mul i64 %".60", 4
  %".171" = mul i64 %".166", %".170"
  %".172" = add i64 %".63", %".171"
  %".173" = mul i64 %".60", 4
  %".174" = mul i64 %".73", 4
  %".175" = mul i64 %".166", %".174"
  %".176" = add i64 %".76", %".175"
  %".177" = mul i64 %".73", 4
  %".178" = mul i64 %".166", %".94"
  %".179" = add i64 %".160", %".178"
  call void @"tile_2x1_2"(i64 %".172", i64 %".173", i64 %".66", i64 %".176", i64 %".177", i64 %".79", i64 %".158", i64 %".101", i64 %".179", i64 %".94")
  br label %"head.5"
after.5:
  br label %"head.6"
head.6:
  %".183" = phi  i64 [%".166", %"after.5"], [%".184", %"body.6"]
  %".184" = add i64 %".183", 1
  %".185" = icmp sle i64 %".184", %".95"
  br i1 %".185", label %"body.6", label %"after.6"
body.6:
  %".187" = mul i64 %".60", 4
  %".188" = mul i64 %".183", %".187"
  %".189" = add i64 %".63", %".188"
  %".190" = mul i64 %".60", 4
  %".191" = mul i64 %".73", 4
  %".192" = mul i64 %".183", %".191"
  %".193" = add i64 %".76", %".192"
  %".194" = mul i64 %".73", 4
  %".195" = mul i64 %".183", %".94"
  %".196" = add i64 %".160", %".195"
  call void @"tile_1x1_2"(i64 %".189", i64 %".190", i64 %".66", i64 %".193", i64 %".194", i64 %".79", i64 %".158", i64 %".101", i64 %".196", i64 %".94")
  br label %"head.6"
after.6:
  br label %"head.4"
head.7:
  %".202" = phi  i64 [%".50", %"body.if.else"], [%".203", %"after.11"]
  %".203" = add i64 %".202", 1
  %".204" = icmp sle i64 %".203", %".53"
  br i1 %".204", label %"body.7", label %"after.7"
body.7:
  %".206" = mul i64 %".202", %".101"
  %".207" = add i64 %".98", %".206"
  %".208" = mul i64 %".202", 64
  %".209" = add i64 %".93", %".208"
  %".210" = srem i64 %".95", 6
  %".211" = icmp eq i64 %".210", 2
  %".212" = icmp sgt i64 %".95", 6
  %".213" = and i1 %".211", %".212"
  %".214" = sub i64 %".95", 8
  %".215" = select  i1 %".213", i64 %".214", i64 %".95"
  br label %"head.8"
after.7:
  br label %"body.if.endif"
head.8:
  %".217" = phi  i64 [0, %"body.7"], [%".218", %"body.8"]
  %".218" = add i64 %".217", 6
  %".219" = icmp sle i64 %".218", %".215"
  br i1 %".219", label %"body.8", label %"after.8"
body.8:
  %".221" = mul i64 %".60", 4
  %".222" = mul i64 %".217", %".221"
  %".223" = add i64 %".63", %".222"
  %".224" = mul i64 %".60", 4
  %".225" = mul i64 %".73", 4
  %".226" = mul i64 %".217", %".225"
  %".227" = add i64 %".76", %".226"
  %".228" = mul i64 %".73", 4
  %".229" = mul i64 %".217", %".94"
  %".230" = add i64 %".209", %".229"
  call void @"tile_6x1_2"(i64 %".223", i64 %".224", i64 %".66", i64 %".227", i64 %".228", i64 %".79", i64 %".207", i64 %".101", i64 %".230", i64 %".94")
  br label %"head.8"
after.8:
  br label %"head.9"
head.9:
  %".234" = phi  i64 [%".217", %"after.8"], [%".235", %"body.9"]
  %".235" = add i64 %".234", 4
  %".236" = icmp sle i64 %".235", %".95"
  br i1 %".236", label %"body.9", label %"after.9"
body.9:
  %".238" = mul i64 %".60", 4
  %".239" = mul i64 %".234", %".238"
  %".240" = add i64 %".63", %".239"
  %".241" = mul i64 %".60", 4
  %".242" = mul i64 %".73", 4
  %".243" = mul i64 %".234", %".242"
  %".244" = add i64 %".76", %".243"
  %".245" = mul i64 %".73", 4
  %".246" = mul i64 %".234", %".94"
  %".247" = add i64 %".209", %".246"
  call void @"tile_4x1_2"(i64 %".240", i64 %".241", i64 %".66", i64 %".244", i64 %".245", i64 %".79", i64 %".207", i64 %".101", i64 %".247", i64 %".94")
  br label %"head.9"
after.9:
  br label %"head.10"
head.10:
  %".251" = phi  i64 [%".234", %"after.9"], [%".252", %"body.10"]
  %".252" = add i64 %".251", 2
  %".253" = icmp sle i64 %".252", %".95"
  br i1 %".253", label %"body.10", label %"after.10"
body.10:
  %".255" = mul i64 %".60", 4
  %".256" = mul i64 %".251", %".255"
  %".257" = add i64 %".63", %".256"
  %".258" = mul i64 %".60", 4
  %".259" = mul i64 %".73", 4
  %".260" = mul i64 %".251", %".259"
  %".261" = add i64 %".76", %".260"
  %".262" = mul i64 %".73", 4
  %".263" = mul i64 %".251", %".94"
  %".264" = add i64 %".209", %".263"
  call void @"tile_2x1_2"(i64 %".257", i64 %".258", i64 %".66", i64 %".261", i64 %".262", i64 %".79", i64 %".207", i64 %".101", i64 %".264", i64 %".94")
  br label %"head.10"
after.10:
  br label %"head.11"
head.11:
  %".268" = phi  i64 [%".251", %"after.10"], [%".269", %"body.11"]
  %".269" = add i64 %".268", 1
  %".270" = icmp sle i64 %".269", %".95"
  br i1 %".270", label %"body.11", label %"after.11"
body.11:
  %".272" = mul i64 %".60", 4
  %".273" = mul i64 %".268", %".272"
  %".274" = add i64 %".63", %".273"
  %".275" = mul i64 %".60", 4
  %".276" = mul i64 %".73", 4
  %".277" = mul i64 %".268", %".276"
  %".278" = add i64 %".76", %".277"
  %".279" = mul i64 %".73", 4
  %".280" = mul i64 %".268", %".94"
  %".281" = add i64 %".209", %".280"
  call void @"tile_1x1_2"(i64 %".274", i64 %".275", i64 %".66", i64 %".278", i64 %".279", i64 %".79", i64 %".207", i64 %".101", i64 %".281", i64 %".94")
  br label %"head.11"
after.11:
  br label %"head.7"
head.12:
  %".313" = phi  i64 [%".308", %"body.if.endif"], [%".314", %"after.14.endif"]
  %".314" = add i64 %".313", 1
  %".315" = icmp sle i64 %".314", %".309"
  br i1 %".315", label %"body.12", label %"after.12"
body.12:
  %".317" = add i64 %".32", %".313"
  %".324" = mul i64 %".323", 4
  %".325" = mul i64 %".317", %".324"
  %".326" = add i64 %".320", %".325"
  %".327" = add i64 %".39", %".313"
  %".328" = mul i64 %".73", 4
  %".329" = mul i64 %".327", %".328"
  %".330" = add i64 %".70", %".329"
  %".337" = mul i64 %".336", 4
  %".338" = mul i64 %".313", %".337"
  %".339" = add i64 %".333", %".338"
  %".340" = icmp slt i64 %".313", %".43"
  %".341" = select  i1 %".340", i64 %".330", i64 %".339"
  %".347" = sub i64 %".313", 0
  %".348" = add i64 %".83", %".86"
  %".349" = mul i64 %".90", 4
  %".350" = mul i64 %".347", %".349"
  %".351" = add i64 %".348", %".350"
  br label %"head.13"
after.12:
  call void @"barrier"(i64 %".288", i64 %".3")
  br label %"body.endif"
head.13:
  %".343" = phi  i64 [%".310", %"body.12"], [%".344", %"body.13"]
  %".344" = add i64 %".343", 16
  %".345" = icmp sle i64 %".344", %".311"
  br i1 %".345", label %"body.13", label %"after.13"
body.13:
  %".352" = inttoptr i64 %".351" to ptr
  %".353" = getelementptr float, ptr %".352", i64 %".343"
  %".354" = load <16 x float>, ptr %".353", align 4
  %".355" = call <16 x float> @"llvm.fabs.v16f32"(<16 x float> %".354")
  %".356" = fcmp ogt <16 x float> %".355", <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>
  %".357" = select  <16 x i1> %".356", <16 x float> <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>, <16 x float> %".355"
  %".358" = fadd <16 x float> %".357", %".357"
  %".359" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".358", <16 x float> <float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000>, <16 x float> <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>)
  %".360" = fsub <16 x float> %".359", <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>
  %".361" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".360", <16 x float> <float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000>, <16 x float> %".358")
  %".362" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".360", <16 x float> <float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000>, <16 x float> %".361")
  %".363" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> <float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000>, <16 x float> %".362", <16 x float> <float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000>)
  %".364" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".363", <16 x float> %".362", <16 x float> <float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000>)
  %".365" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".364", <16 x float> %".362", <16 x float> <float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000>)
  %".366" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".365", <16 x float> %".362", <16 x float> <float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000>)
  %".367" = bitcast <16 x float> %".359" to <16 x i32>
  %".368" = fmul <16 x float> %".362", %".362"
  %".369" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".368", <16 x float> %".366", <16 x float> %".362")
  %".370" = shl <16 x i32> %".367", <i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23>
  %".371" = add <16 x i32> %".370", <i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216>
  %".372" = bitcast <16 x i32> %".371" to <16 x float>
  %".373" = fsub <16 x float> %".372", <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>
  %".374" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".372", <16 x float> %".369", <16 x float> %".373")
  %".375" = fadd <16 x float> %".374", <float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000>
  %".376" = fdiv <16 x float> %".374", %".375"
  %".377" = call <16 x float> @"llvm.copysign.v16f32"(<16 x float> %".376", <16 x float> %".354")
  %".378" = inttoptr i64 %".326" to ptr
  %".379" = getelementptr float, ptr %".378", i64 %".343"
  store <16 x float> %".377", ptr %".379", align 4
  %".381" = inttoptr i64 %".341" to ptr
  %".382" = getelementptr float, ptr %".381", i64 %".343"
  store <16 x float> %".377", ptr %".382", align 4
  br label %"head.13"
after.13:
  br label %"head.14"
head.14:
  %".386" = phi  i64 [%".343", %"after.13"], [%".387", %"body.14"]
  %".387" = add i64 %".386", 8
  %".388" = icmp sle i64 %".387", %".311"
  br i1 %".388", label %"body.14", label %"after.14"
body.14:
  %".390" = inttoptr i64 %".351" to ptr
  %".391" = getelementptr float, ptr %".390", i64 %".386"
  %".392" = load <8 x float>, ptr %".391", align 4
  %".393" = call <8 x float> @"llvm.fabs.v8f32"(<8 x float> %".392")
  %".394" = fcmp ogt <8 x float> %".393", <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>
  %".395" = select  <8 x i1> %".394", <8 x float> <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>, <8 x float> %".393"
  %".396" = fadd <8 x float> %".395", %".395"
  %".397" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".396", <8 x float> <float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000>, <8 x float> <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>)
  %".398" = fsub <8 x float> %".397", <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>
  %".399" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".398", <8 x float> <float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000>, <8 x float> %".396")
  %".400" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".398", <8 x float> <float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000>, <8 x float> %".399")
  %".401" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> <float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000>, <8 x float> %".400", <8 x float> <float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000>)
  %".402" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".401", <8 x float> %".400", <8 x float> <float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000>)
  %".403" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".402", <8 x float> %".400", <8 x float> <float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000>)
  %".404" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".403", <8 x float> %".400", <8 x float> <float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000>)
  %".405" = bitcast <8 x float> %".397" to <8 x i32>
  %".406" = fmul <8 x float> %".400", %".400"
  %".407" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".406", <8 x float> %".404", <8 x float> %".400")
  %".408" = shl <8 x i32> %".405", <i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23>
  %".409" = add <8 x i32> %".408", <i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216>
  %".410" = bitcast <8 x i32> %".409" to <8 x float>
  %".411" = fsub <8 x float> %".410", <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>
  %".412" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".410", <8 x float> %".407", <8 x float> %".411")
  %".413" = fadd <8 x float> %".412", <float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000>
  %".414" = fdiv <8 x float> %".412", %".413"
  %".415" = call <8 x float> @"llvm.copysign.v8f32"(<8 x float> %".414", <8 x float> %".392")
  %".416" = inttoptr i64 %".326" to ptr
  %".417" = getelementptr float, ptr %".416", i64 %".386"
  store <8 x float> %".415", ptr %".417", align 4
  %".419" = inttoptr i64 %".341" to ptr
  %".420" = getelementptr float, ptr %".419", i64 %".386"
  store <8 x float> %".415", ptr %".420", align 4
  br label %"head.14"
after.14:
  %".423" = sub i64 %".311", %".386"
  %".424" = icmp sgt i64 %".423", 0
  br i1 %".424", label %"after.14.if", label %"after.14.endif"
after.14.if:
  %".426" = trunc i64 %".423" to i32
  %".427" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".426", i32 0
  %".428" = shufflevector <8 x i32> %".427", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".429" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".428"
  %".430" = inttoptr i64 %".351" to ptr
  %".431" = getelementptr float, ptr %".430", i64 %".386"
  %".432" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".431", i32 4, <8 x i1> %".429", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".433" = call <8 x float> @"llvm.fabs.v8f32"(<8 x float> %".432")
  %".434" = fcmp ogt <8 x float> %".433", <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>
  %".435" = select  <8 x i1> %".434", <8 x float> <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>, <8 x float> %".433"
  %".436" = fadd <8 x float> %".435", %".435"
  %".437" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".436", <8 x float> <float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000>, <8 x float> <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>)
  %".438" = fsub <8 x float> %".437", <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>
  %".439" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".438", <8 x float> <float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000>, <8 x float> %".436")
  %".440" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".438", <8 x float> <float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000>, <8 x float> %".439")
  %".441" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> <float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000>, <8 x float> %".440", <8 x float> <float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000>)
  %".442" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".441", <8 x float> %".440", <8 x float> <float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000>)
  %".443" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".442", <8 x float> %".440", <8 x float> <float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000>)
  %".444" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".443", <8 x float> %".440", <8 x float> <float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000>)
  %".445" = bitcast <8 x float> %".437" to <8 x i32>
  %".446" = fmul <8 x float> %".440", %".440"
  %".447" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".446", <8 x float> %".444", <8 x float> %".440")
  %".448" = shl <8 x i32> %".445", <i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23>
  %".449" = add <8 x i32> %".448", <i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216>
  %".450" = bitcast <8 x i32> %".449" to <8 x float>
  %".451" = fsub <8 x float> %".450", <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>
  %".452" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".450", <8 x float> %".447", <8 x float> %".451")
  %".453" = fadd <8 x float> %".452", <float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000>
  %".454" = fdiv <8 x float> %".452", %".453"
  %".455" = call <8 x float> @"llvm.copysign.v8f32"(<8 x float> %".454", <8 x float> %".432")
  %".456" = inttoptr i64 %".326" to ptr
  %".457" = getelementptr float, ptr %".456", i64 %".386"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".455", ptr %".457", i32 4, <8 x i1> %".429")
  %".459" = inttoptr i64 %".341" to ptr
  %".460" = getelementptr float, ptr %".459", i64 %".386"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".455", ptr %".460", i32 4, <8 x i1> %".429")
  br label %"after.14.endif"
after.14.endif:
  br label %"head.12"
}

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
