; ModuleID = "recurra"
target triple = "x86_64-unknown-linux-gnu"
target datalayout = ""

define void @"loop"(i64 %".1", i64 %".2", i64 %".3")
{
entry:
  %".6" = inttoptr i64 %".1" to ptr
  %".7" = getelementptr i64, ptr %".6", i64 4
  %".8" = load i64, ptr %".7"
  %".16" = inttoptr i64 %".1" to ptr
  %".17" = getelementptr i64, ptr %".16", i64 0
  %".18" = load i64, ptr %".17"
  %".19" = inttoptr i64 %".1" to ptr
  %".20" = getelementptr i64, ptr %".19", i64 1
  %".21" = load i64, ptr %".20"
  %".28" = inttoptr i64 %".1" to ptr
  %".29" = getelementptr i64, ptr %".28", i64 3
  %".30" = load i64, ptr %".29"
  %".34" = inttoptr i64 %".1" to ptr
  %".35" = getelementptr i64, ptr %".34", i64 2
  %".36" = load i64, ptr %".35"
  %".43" = inttoptr i64 %".1" to ptr
  %".44" = getelementptr i64, ptr %".43", i64 7
  %".45" = load i64, ptr %".44"
  %".56" = inttoptr i64 %".1" to ptr
  %".57" = getelementptr i64, ptr %".56", i64 13
  %".58" = load i64, ptr %".57"
  %".65" = inttoptr i64 %".1" to ptr
  %".66" = getelementptr i64, ptr %".65", i64 14
  %".67" = load i64, ptr %".66"
  %".68" = inttoptr i64 %".1" to ptr
  %".69" = getelementptr i64, ptr %".68", i64 15
  %".70" = load i64, ptr %".69"
  %".80" = inttoptr i64 %".1" to ptr
  %".81" = getelementptr i64, ptr %".80", i64 16
  %".82" = load i64, ptr %".81"
  %".83" = inttoptr i64 %".1" to ptr
  %".84" = getelementptr i64, ptr %".83", i64 17
  %".85" = load i64, ptr %".84"
  %".93" = inttoptr i64 %".1" to ptr
  %".94" = getelementptr i64, ptr %".93", i64 18
  %".95" = load i64, ptr %".94"
  %".96" = inttoptr i64 %".1" to ptr
  %".97" = getelementptr i64, ptr %".96", i64 19
  %".98" = load i64, ptr %".97"
  %".107" = inttoptr i64 %".1" to ptr
  %".108" = getelementptr i64, ptr %".107", i64 20
  %".109" = load i64, ptr %".108"
  %".110" = inttoptr i64 %".1" to ptr
  %".111" = getelementptr i64, ptr %".110", i64 21
  %".112" = load i64, ptr %".111"
  %".173" = inttoptr i64 %".1" to ptr
  %".174" = getelementptr i64, ptr %".173", i64 23
  %".175" = load i64, ptr %".174"
  %".181" = inttoptr i64 %".1" to ptr
  %".182" = getelementptr i64, ptr %".181", i64 24
  %".183" = load i64, ptr %".182"
  %".184" = inttoptr i64 %".1" to ptr
  %".185" = getelementptr i64, ptr %".184", i64 5
  %".186" = load i64, ptr %".185"
  %".187" = inttoptr i64 %".1" to ptr
  %".188" = getelementptr i64, ptr %".187", i64 6
  %".189" = load i64, ptr %".188"
  %".193" = inttoptr i64 %".1" to ptr
  %".194" = getelementptr i64, ptr %".193", i64 25
  %".195" = load i64, ptr %".194"
  %".201" = inttoptr i64 %".1" to ptr
  %".202" = getelementptr i64, ptr %".201", i64 22
  %".203" = load i64, ptr %".202"
  %".367" = inttoptr i64 %".1" to ptr
  %".368" = getelementptr i64, ptr %".367", i64 26
  %".369" = load i64, ptr %".368"
  %".370" = inttoptr i64 %".1" to ptr
  %".371" = getelementptr i64, ptr %".370", i64 27
  %".372" = load i64, ptr %".371"
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
  %".23" = phi  i64 [%".18", %"start"], [%".24", %"body.endif"]
  %".24" = add i64 %".23", 1
  %".25" = icmp sle i64 %".24", %".21"
  br i1 %".25", label %"body", label %"after"
body:
  %".27" = add i64 %".23", 1
  %".31" = inttoptr i64 %".30" to ptr
  %".32" = getelementptr i64, ptr %".31", i64 %".23"
  %".33" = load i64, ptr %".32"
  %".37" = inttoptr i64 %".36" to ptr
  %".38" = getelementptr i64, ptr %".37", i64 %".23"
  %".39" = load i64, ptr %".38"
  %".40" = icmp slt i64 %".33", %".15"
  %".41" = select  i1 %".40", i64 %".33", i64 %".15"
  %".42" = and i64 %".23", 1
  %".46" = mul i64 %".42", %".45"
  %".47" = inttoptr i64 %".36" to ptr
  %".48" = getelementptr i64, ptr %".47", i64 %".27"
  %".49" = load i64, ptr %".48"
  %".50" = sub i64 %".45", %".46"
  %".51" = inttoptr i64 %".30" to ptr
  %".52" = getelementptr i64, ptr %".51", i64 %".27"
  %".53" = load i64, ptr %".52"
  %".54" = icmp slt i64 %".11", %".41"
  br i1 %".54", label %"body.if", label %"body.endif"
after:
  ret void
body.if:
  br label %"head.1"
body.endif:
  br label %"head"
head.1:
  %".60" = phi  i64 [%".11", %"body.if"], [%".61", %"after.3.endif"]
  %".61" = add i64 %".60", 1
  %".62" = icmp sle i64 %".61", %".41"
  br i1 %".62", label %"body.1", label %"after.1"
body.1:
  %".64" = add i64 %".39", %".60"
  %".71" = mul i64 %".70", 4
  %".72" = mul i64 %".64", %".71"
  %".73" = add i64 %".67", %".72"
  %".79" = add i64 %".39", %".60"
  %".86" = mul i64 %".85", 4
  %".87" = mul i64 %".79", %".86"
  %".88" = add i64 %".82", %".87"
  %".92" = add i64 %".46", %".60"
  %".99" = mul i64 %".98", 4
  %".100" = mul i64 %".92", %".99"
  %".101" = add i64 %".95", %".100"
  %".106" = add i64 %".39", %".60"
  %".113" = mul i64 %".112", 4
  %".114" = mul i64 %".106", %".113"
  %".115" = add i64 %".109", %".114"
  br label %"head.2"
after.1:
  %".176" = add i64 %".39", %".11"
  %".177" = mul i64 %".70", 4
  %".178" = mul i64 %".176", %".177"
  %".179" = add i64 %".67", %".178"
  %".180" = sub i64 %".11", %".11"
  %".190" = mul i64 %".2", %".189"
  %".191" = add i64 %".186", %".190"
  %".192" = add i64 %".183", %".191"
  %".196" = mul i64 %".195", 4
  %".197" = mul i64 %".180", %".196"
  %".198" = add i64 %".192", %".197"
  %".199" = mul i64 %".195", 4
  %".200" = sub i64 %".41", %".11"
  %".204" = add i64 1, %".58"
  %".205" = mul i64 %".204", 64
  %".206" = icmp slt i64 %".200", 4
  br i1 %".206", label %"after.1.if", label %"after.1.else"
head.2:
  %".75" = phi  i64 [0, %"body.1"], [%".76", %"body.2"]
  %".76" = add i64 %".75", 16
  %".77" = icmp sle i64 %".76", %".58"
  br i1 %".77", label %"body.2", label %"after.2"
body.2:
  %".89" = inttoptr i64 %".88" to ptr
  %".90" = getelementptr float, ptr %".89", i64 %".75"
  %".91" = load <16 x float>, ptr %".90", align 4
  %".102" = inttoptr i64 %".101" to ptr
  %".103" = getelementptr float, ptr %".102", i64 %".75"
  %".104" = load <16 x float>, ptr %".103", align 4
  %".105" = fadd <16 x float> %".91", %".104"
  %".116" = inttoptr i64 %".115" to ptr
  %".117" = getelementptr float, ptr %".116", i64 %".75"
  %".118" = load <16 x float>, ptr %".117", align 4
  %".119" = fmul <16 x float> %".118", %".118"
  %".120" = fsub <16 x float> <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>, %".119"
  %".121" = fmul <16 x float> %".105", %".120"
  %".122" = inttoptr i64 %".73" to ptr
  %".123" = getelementptr float, ptr %".122", i64 %".75"
  store <16 x float> %".121", ptr %".123", align 4
  br label %"head.2"
after.2:
  br label %"head.3"
head.3:
  %".127" = phi  i64 [%".75", %"after.2"], [%".128", %"body.3"]
  %".128" = add i64 %".127", 8
  %".129" = icmp sle i64 %".128", %".58"
  br i1 %".129", label %"body.3", label %"after.3"
body.3:
  %".131" = inttoptr i64 %".88" to ptr
  %".132" = getelementptr float, ptr %".131", i64 %".127"
  %".133" = load <8 x float>, ptr %".132", align 4
  %".134" = inttoptr i64 %".101" to ptr
  %".135" = getelementptr float, ptr %".134", i64 %".127"
  %".136" = load <8 x float>, ptr %".135", align 4
  %".137" = fadd <8 x float> %".133", %".136"
  %".138" = inttoptr i64 %".115" to ptr
  %".139" = getelementptr float, ptr %".138", i64 %".127"
  %".140" = load <8 x float>, ptr %".139", align 4
  %".141" = fmul <8 x float> %".140", %".140"
  %".142" = fsub <8 x float> <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>, %".141"
  %".143" = fmul <8 x float> %".137", %".142"
  %".144" = inttoptr i64 %".73" to ptr
  %".145" = getelementptr float, ptr %".144", i64 %".127"
  store <8 x float> %".143", ptr %".145", align 4
  br label %"head.3"
after.3:
  %".148" = sub i64 %".58", %".127"
  %".149" = icmp sgt i64 %".148", 0
  br i1 %".149", label %"after.3.if", label %"after.3.endif"
after.3.if:
  %".151" = trunc i64 %".148" to i32
  %".152" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".151", i32 0
  %".153" = shufflevector <8 x i32> %".152", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".154" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".153"
  %".155" = inttoptr i64 %".88" to ptr
  %".156" = getelementptr float, ptr %".155", i64 %".127"
  %".157" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".156", i32 4, <8 x i1> %".154", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".158" = inttoptr i64 %".101" to ptr
  %".159" = getelementptr float, ptr %".158", i64 %".127"
  %".160" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".159", i32 4, <8 x i1> %".154", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".161" = fadd <8 x float> %".157", %".160"
  %".162" = inttoptr i64 %".115" to ptr
  %".163" = getelementptr float, ptr %".162", i64 %".127"
  %".164" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".163", i32 4, <8 x i1> %".154", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".165" = fmul <8 x float> %".164", %".164"
  %".166" = fsub <8 x float> <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>, %".165"
  %".167" = fmul <8 x float> %".161", %".166"
  %".168" = inttoptr i64 %".73" to ptr
  %".169" = getelementptr float, ptr %".168", i64 %".127"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".167", ptr %".169", i32 4, <8 x i1> %".154")
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
  %".209" = phi  i64 [0, %"after.1.if"], [%".210", %"after.6"]
  %".210" = add i64 %".209", 2
  %".211" = icmp sle i64 %".210", %".175"
  br i1 %".211", label %"body.4", label %"after.4"
body.4:
  %".213" = mul i64 %".209", %".205"
  %".214" = add i64 %".203", %".213"
  %".215" = mul i64 %".209", 64
  %".216" = add i64 %".198", %".215"
  %".217" = srem i64 %".200", 2
  %".218" = icmp eq i64 %".217", 0
  %".219" = icmp sgt i64 %".200", 2
  %".220" = and i1 %".218", %".219"
  br label %"head.5"
after.4:
  br label %"head.7"
head.5:
  %".222" = phi  i64 [0, %"body.4"], [%".223", %"body.5"]
  %".223" = add i64 %".222", 2
  %".224" = icmp sle i64 %".223", %".200"
  br i1 %".224", label %"body.5", label %"after.5"
body.5:
  %".226" = mul i64 %".70", 4
  %".227" = mul i64 %".222", %".226"
  %".228" = add i64 %".179", %".227"
  %".229" = mul i64 %".70", 4
  %".230" = mul i64 %".222", %".199"
  %".231" = add i64 %".216", %".230"
  call void @"tile_2x2_1"(i64 %".228", i64 %".229", i64 %".58", i64 %".214", i64 %".205", i64 %".231", i64 %".199")
  br label %"head.5"
after.5:
  br label %"head.6"
head.6:
  %".235" = phi  i64 [%".222", %"after.5"], [%".236", %"body.6"]
  %".236" = add i64 %".235", 1
  %".237" = icmp sle i64 %".236", %".200"
  br i1 %".237", label %"body.6", label %"after.6"
body.6:
  %".239" = mul i64 %".70", 4
  %".240" = mul i64 %".235", %".239"
  %".241" = add i64 %".179", %".240"
  %".242" = mul i64 %".70", 4
  %".243" = mul i64 %".235", %".199"
  %".244" = add i64 %".216", %".243"
  call void @"tile_1x2_1"(i64 %".241", i64 %".242", i64 %".58", i64 %".214", i64 %".205", i64 %".244", i64 %".199")
  br label %"head.6"
after.6:
  br label %"head.4"
head.7:
  %".249" = phi  i64 [%".209", %"after.4"], [%".250", %"after.9"]
  %".250" = add i64 %".249", 1
  %".251" = icmp sle i64 %".250", %".175"
  br i1 %".251", label %"body.7", label %"after.7"
body.7:
  %".253" = mul i64 %".249", %".205"
  %".254" = add i64 %".203", %".253"
  %".255" = mul i64 %".249", 64
  %".256" = add i64 %".198", %".255"
  %".257" = srem i64 %".200", 2
  %".258" = icmp eq i64 %".257", 0
  %".259" = icmp sgt i64 %".200", 2
  %".260" = and i1 %".258", %".259"
  br label %"head.8"
after.7:
  br label %"after.1.endif"
head.8:
  %".262" = phi  i64 [0, %"body.7"], [%".263", %"body.8"]
  %".263" = add i64 %".262", 2
  %".264" = icmp sle i64 %".263", %".200"
  br i1 %".264", label %"body.8", label %"after.8"
body.8:
  %".266" = mul i64 %".70", 4
  %".267" = mul i64 %".262", %".266"
  %".268" = add i64 %".179", %".267"
  %".269" = mul i64 %".70", 4
  %".270" = mul i64 %".262", %".199"
  %".271" = add i64 %".256", %".270"
  call void @"tile_2x1_1"(i64 %".268", i64 %".269", i64 %".58", i64 %".254", i64 %".205", i64 %".271", i64 %".199")
  br label %"head.8"
after.8:
  br label %"head.9"
head.9:
  %".275" = phi  i64 [%".262", %"after.8"], [%".276", %"body.9"]
  %".276" = add i64 %".275", 1
  %".277" = icmp sle i64 %".276", %".200"
  br i1 %".277", label %"body.9", label %"after.9"
body.9:
  %".279" = mul i64 %".70", 4
  %".280" = mul i64 %".275", %".279"
  %".281" = add i64 %".179", %".280"
  %".282" = mul i64 %".70", 4
  %".283" = mul i64 %".275", %".199"
  %".284" = add i64 %".256", %".283"
  call void @"tile_1x1_1"(i64 %".281", i64 %".282", i64 %".58", i64 %".254", i64 %".205", i64 %".284", i64 %".199")
  br label %"head.9"
after.9:
  br label %"head.7"
head.10:
  %".290" = phi  i64 [0, %"after.1.else"], [%".291", %"after.14"]
  %".291" = add i64 %".290", 1
  %".292" = icmp sle i64 %".291", %".175"
  br i1 %".292", label %"body.10", label %"after.10"
body.10:
  %".294" = mul i64 %".290", %".205"
  %".295" = add i64 %".203", %".294"
  %".296" = mul i64 %".290", 64
  %".297" = add i64 %".198", %".296"
  %".298" = srem i64 %".200", 6
  %".299" = icmp eq i64 %".298", 2
  %".300" = icmp sgt i64 %".200", 6
  %".301" = and i1 %".299", %".300"
  %".302" = sub i64 %".200", 8
  %".303" = select  i1 %".301", i64 %".302", i64 %".200"
  br label %"head.11"
after.10:
  br label %"after.1.endif"
head.11:
  %".305" = phi  i64 [0, %"body.10"], [%".306", %"body.11"]
  %".306" = add i64 %".305", 6
  %".307" = icmp sle i64 %".306", %".303"
  br i1 %".307", label %"body.11", label %"after.11"
body.11:
  %".309" = mul i64 %".70", 4
  %".310" = mul i64 %".305", %".309"
  %".311" = add i64 %".179", %".310"
  %".312" = mul i64 %".70", 4
  %".313" = mul i64 %".305", %".199"
  %".314" = add i64 %".297", %".313"
  call void @"tile_6x1_1"(i64 %".311", i64 %".312", i64 %".58", i64 %".295", i64 %".205", i64 %".314", i64 %".199")
  br label %"head.11"
after.11:
  br label %"head.12"
head.12:
  %".318" = phi  i64 [%".305", %"after.11"], [%".319", %"body.12"]
  %".319" = add i64 %".318", 4
  %".320" = icmp sle i64 %".319", %".200"
  br i1 %".320", label %"body.12", label %"after.12"
body.12:
  %".322" = mul i64 %".70", 4
  %".323" = mul i64 %".318", %".322"
  %".324" = add i64 %".179", %".323"
  %".325" = mul i64 %".70", 4
  %".326" = mul i64 %".318", %".199"
  %".327" = add i64 %".297", %".326"
  call void @"tile_4x1_1"(i64 %".324", i64 %".325", i64 %".58", i64 %".295", i64 %".205", i64 %".327", i64 %".199")
  br label %"head.12"
after.12:
  br label %"head.13"
head.13:
  %".331" = phi  i64 [%".318", %"after.12"], [%".332", %"body.13"]
  %".332" = add i64 %".331", 2
  %".333" = icmp sle i64 %".332", %".200"
  br i1 %".333", label %"body.13", label %"after.13"
body.13:
  %".335" = mul i64 %".70", 4
  %".336" = mul i64 %".331", %".335"
  %".337" = add i64 %".179", %".336"
  %".338" = mul i64 %".70", 4
  %".339" = mul i64 %".331", %".199"
  %".340" = add i64 %".297", %".339"
  call void @"tile_2x1_1"(i64 %".337", i64 %".338", i64 %".58", i64 %".295", i64 %".205", i64 %".340", i64 %".199")
  br label %"head.13"
after.13:
  br label %"head.14"
head.14:
  %".344" = phi  i64 [%".331", %"after.13"], [%".345", %"body.14"]
  %".345" = add i64 %".344", 1
  %".346" = icmp sle i64 %".345", %".200"
  br i1 %".346", label %"body.14", label %"after.14"
body.14:
  %".348" = mul i64 %".70", 4
  %".349" = mul i64 %".344", %".348"
  %".350" = add i64 %".179", %".349"
  %".351" = mul i64 %".70", 4
  %".352" = mul i64 %".344", %".199"
  %".353" = add i64 %".297", %".352"
  call void @"tile_1x1_1"(i64 %".350", i64 %".351", i64 %".58", i64 %".295", i64 %".205", i64 %".353", i64 %".199")
  br label %"head.14"
after.14:
  br label %"head.10"
head.15:
  %".359" = phi  i64 [%".11", %"after.1.endif"], [%".360", %"after.17.endif"]
  %".360" = add i64 %".359", 1
  %".361" = icmp sle i64 %".360", %".41"
  br i1 %".361", label %"body.15", label %"after.15"
body.15:
  %".363" = add i64 %".50", %".359"
  %".364" = mul i64 %".98", 4
  %".365" = mul i64 %".363", %".364"
  %".366" = add i64 %".95", %".365"
  %".373" = mul i64 %".372", 4
  %".374" = mul i64 %".359", %".373"
  %".375" = add i64 %".369", %".374"
  %".376" = icmp slt i64 %".359", %".53"
  %".377" = select  i1 %".376", i64 %".366", i64 %".375"
  %".383" = sub i64 %".359", %".11"
  %".384" = mul i64 %".2", %".189"
  %".385" = add i64 %".186", %".384"
  %".386" = add i64 %".183", %".385"
  %".387" = mul i64 %".195", 4
  %".388" = mul i64 %".383", %".387"
  %".389" = add i64 %".386", %".388"
  br label %"head.16"
after.15:
  br label %"body.endif"
head.16:
  %".379" = phi  i64 [0, %"body.15"], [%".380", %"body.16"]
  %".380" = add i64 %".379", 16
  %".381" = icmp sle i64 %".380", %".58"
  br i1 %".381", label %"body.16", label %"after.16"
body.16:
  %".390" = inttoptr i64 %".389" to ptr
  %".391" = getelementptr float, ptr %".390", i64 %".379"
  %".392" = load <16 x float>, ptr %".391", align 4
  %".393" = inttoptr i64 %".377" to ptr
  %".394" = getelementptr float, ptr %".393", i64 %".379"
  store <16 x float> %".392", ptr %".394", align 4
  br label %"head.16"
after.16:
  br label %"head.17"
head.17:
  %".398" = phi  i64 [%".379", %"after.16"], [%".399", %"body.17"]
  %".399" = add i64 %".398", 8
  %".400" = icmp sle i64 %".399", %".58"
  br i1 %".400", label %"body.17", label %"after.17"
body.17:
  %".402" = inttoptr i64 %".389" to ptr
  %".403" = getelementptr float, ptr %".402", i64 %".398"
  %".404" = load <8 x float>, ptr %".403", align 4
  %".405" = inttoptr i64 %".377" to ptr
  %".406" = getelementptr float, ptr %".405", i64 %".398"
  store <8 x float> %".404", ptr %".406", align 4
  br label %"head.17"
after.17:
  %".409" = sub i64 %".58", %".398"
  %".410" = icmp sgt i64 %".409", 0
  br i1 %".410", label %"after.17.if", label %"after.17.endif"
after.17.if:
  %".412" = trunc i64 %".409" to i32
  %".413" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".412", i32 0
  %".414" = shufflevector <8 x i32> %".413", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".415" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".414"
  %".416" = inttoptr i64 %".389" to ptr
  %".417" = getelementptr float, ptr %".416", i64 %".398"
  %".418" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".417", i32 4, <8 x i1> %".415", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".419" = inttoptr i64 %".377" to ptr
  %".420" = getelementptr float, ptr %".419", i64 %".398"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".418", ptr %".420", i32 4, <8 x i1> %".415")
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
