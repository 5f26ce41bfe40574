; ModuleID = "recurra"
target triple = "x86_64-unknown-linux-gnu"
target datalayout = ""

define void @"before_0"(i64 %".1", i64 %".2", i64 %".3")
{
entry:
  %".6" = inttoptr i64 %".1" to ptr
  %".7" = getelementptr i64, ptr %".6", i64 3
  %".8" = load i64, ptr %".7"
  %".29" = inttoptr i64 %".1" to ptr
  %".30" = getelementptr i64, ptr %".29", i64 14
  %".31" = load i64, ptr %".30"
  %".33" = inttoptr i64 %".1" to ptr
  %".34" = getelementptr i64, ptr %".33", i64 15
  %".35" = load i64, ptr %".34"
  %".36" = inttoptr i64 %".1" to ptr
  %".37" = getelementptr i64, ptr %".36", i64 16
  %".38" = load i64, ptr %".37"
  %".42" = inttoptr i64 %".1" to ptr
  %".43" = getelementptr i64, ptr %".42", i64 11
  %".44" = load i64, ptr %".43"
  %".46" = inttoptr i64 %".1" to ptr
  %".47" = getelementptr i64, ptr %".46", i64 17
  %".48" = load i64, ptr %".47"
  %".49" = inttoptr i64 %".1" to ptr
  %".50" = getelementptr i64, ptr %".49", i64 18
  %".51" = load i64, ptr %".50"
  %".57" = inttoptr i64 %".1" to ptr
  %".58" = getelementptr i64, ptr %".57", i64 13
  %".59" = load i64, ptr %".58"
  br label %"start"
start:
  %".9" = inttoptr i64 %".8" to ptr
  %".10" = getelementptr i64, ptr %".9", i64 %".2"
  %".11" = load i64, ptr %".10"
  %".12" = add i64 %".2", 1
  %".13" = inttoptr i64 %".8" to ptr
  %".14" = getelementptr i64, ptr %".13", i64 %".12"
  %".15" = load i64, ptr %".14"
  %".16" = sub i64 %".15", %".11"
  %".17" = add i64 %".16", 119
  %".18" = sdiv i64 %".17", 120
  %".19" = mul i64 %".18", 120
  %".20" = add i64 %".11", %".19"
  br label %"head"
head:
  %".22" = phi  i64 [%".11", %"start"], [%".23", %"after.12"]
  %".23" = add i64 %".22", 120
  %".24" = icmp sle i64 %".23", %".20"
  br i1 %".24", label %"body", label %"after"
body:
  %".26" = add i64 %".22", 120
  %".27" = icmp slt i64 %".26", %".15"
  %".28" = select  i1 %".27", i64 %".26", i64 %".15"
  %".32" = add i64 0, %".22"
  %".39" = mul i64 %".38", 4
  %".40" = mul i64 %".32", %".39"
  %".41" = add i64 %".35", %".40"
  %".45" = add i64 0, %".22"
  %".52" = mul i64 %".51", 4
  %".53" = mul i64 %".45", %".52"
  %".54" = add i64 %".48", %".53"
  %".55" = mul i64 %".51", 4
  %".56" = sub i64 %".28", %".22"
  %".60" = add i64 1, %".44"
  %".61" = mul i64 %".60", 64
  %".62" = icmp slt i64 %".56", 4
  br i1 %".62", label %"body.if", label %"body.else"
after:
  ret void
body.if:
  br label %"head.1"
body.else:
  br label %"head.7"
body.endif:
  br label %"head.12"
head.1:
  %".65" = phi  i64 [0, %"body.if"], [%".66", %"after.3"]
  %".66" = add i64 %".65", 2
  %".67" = icmp sle i64 %".66", %".31"
  br i1 %".67", label %"body.1", label %"after.1"
body.1:
  %".69" = mul i64 %".65", %".61"
  %".70" = add i64 %".59", %".69"
  %".71" = mul i64 %".65", 64
  %".72" = add i64 %".54", %".71"
  %".73" = srem i64 %".56", 2
  %".74" = icmp eq i64 %".73", 0
  %".75" = icmp sgt i64 %".56", 2
  %".76" = and i1 %".74", %".75"
  br label %"head.2"
after.1:
  br label %"head.4"
head.2:
  %".78" = phi  i64 [0, %"body.1"], [%".79", %"body.2"]
  %".79" = add i64 %".78", 2
  %".80" = icmp sle i64 %".79", %".56"
  br i1 %".80", label %"body.2", label %"after.2"
body.2:
  %".82" = mul i64 %".38", 4
  %".83" = mul i64 %".78", %".82"
  %".84" = add i64 %".41", %".83"
  %".85" = mul i64 %".38", 4
  %".86" = mul i64 %".78", %".55"
  %".87" = add i64 %".72", %".86"
  call void @"tile_2x2_1"(i64 %".84", i64 %".85", i64 %".44", i64 %".70", i64 %".61", i64 %".87", i64 %".55")
  br label %"head.2"
after.2:
  br label %"head.3"
head.3:
  %".91" = phi  i64 [%".78", %"after.2"], [%".92", %"body.3"]
  %".92" = add i64 %".91", 1
  %".93" = icmp sle i64 %".92", %".56"
  br i1 %".93", label %"body.3", label %"after.3"
body.3:
  %".95" = mul i64 %".38", 4
  %".96" = mul i64 %".91", %".95"
  %".97" = add i64 %".41", %".96"
  %".98" = mul i64 %".38", 4
  %".99" = mul i64 %".91", %".55"
  %".100" = add i64 %".72", %".99"
  call void @"tile_1x2_1"(i64 %".97", i64 %".98", i64 %".44", i64 %".70", i64 %".61", i64 %".100", i64 %".55")
  br label %"head.3"
after.3:
  br label %"head.1"
head.4:
  %".105" = phi  i64 [%".65", %"after.1"], [%".106", %"after.6"]
  %".106" = add i64 %".105", 1
  %".107" = icmp sle i64 %".106", %".31"
  br i1 %".107", label %"body.4", label %"after.4"
body.4:
  %".109" = mul i64 %".105", %".61"
  %".110" = add i64 %".59", %".109"
  %".111" = mul i64 %".105", 64
  %".112" = add i64 %".54", %".111"
  %".113" = srem i64 %".56", 2
  %".114" = icmp eq i64 %".113", 0
  %".115" = icmp sgt i64 %".56", 2
  %".116" = and i1 %".114", %".115"
  br label %"head.5"
after.4:
  br label %"body.endif"
head.5:
  %".118" = phi  i64 [0, %"body.4"], [%".119", %"body.5"]
  %".119" = add i64 %".118", 2
  %".120" = icmp sle i64 %".119", %".56"
  br i1 %".120", label %"body.5", label %"after.5"
body.5:
  %".122" = mul i64 %".38", 4
  %".123" = mul i64 %".118", %".122"
  %".124" = add i64 %".41", %".123"
  %".125" = mul i64 %".38", 4
  %".126" = mul i64 %".118", %".55"
  %".127" = add i64 %".112", %".126"
  call void @"tile_2x1_1"(i64 %".124", i64 %".125", i64 %".44", i64 %".110", i64 %".61", i64 %".127", i64 %".55")
  br label %"head.5"
after.5:
  br label %"head.6"
head.6:
  %".131" = phi  i64 [%".118", %"after.5"], [%".132", %"body.6"]
  %".132" = add i64 %".131", 1
  %".133" = icmp sle i64 %".132", %".56"
  br i1 %".133", label %"body.6", label %"after.6"
body.6:
  %".135" = mul i64 %".38", 4
  %".136" = mul i64 %".131", %".135"
  %".137" = add i64 %".41", %".136"
  %".138" = mul i64 %".38", 4
  %".139" = mul i64 %".131", %".55"
  %".140" = add i64 %".112", %".139"
  call void @"tile_1x1_1"(i64 %".137", i64 %".138", i64 %".44", i64 %".110", i64 %".61", i64 %".140", i64 %".55")
  br label %"head.6"
after.6:
  br label %"head.4"
head.7:
  %".146" = phi  i64 [0, %"body.else"], [%".147", %"after.11"]
  %".147" = add i64 %".146", 1
  %".148" = icmp sle i64 %".147", %".31"
  br i1 %".148", label %"body.7", label %"after.7"
body.7:
  %".150" = mul i64 %".146", %".61"
  %".151" = add i64 %".59", %".150"
  %".152" = mul i64 %".146", 64
  %".153" = add i64 %".54", %".152"
  %".154" = srem i64 %".56", 6
  %".155" = icmp eq i64 %".154", 2
  %".156" = icmp sgt i64 %".56", 6
  %".157" = and i1 %".155", %".156"
  %".158" = sub i64 %".56", 8
  %".159" = select  i1 %".157", i64 %".158", i64 %".56"
  br label %"head.8"
after.7:
  br label %"body.endif"
head.8:
  %".161" = phi  i64 [0, %"body.7"], [%".162", %"body.8"]
  %".162" = add i64 %".161", 6
  %".163" = icmp sle i64 %".162", %".159"
  br i1 %".163", label %"body.8", label %"after.8"
body.8:
  %".165" = mul i64 %".38", 4
  %".166" = mul i64 %".161", %".165"
  %".167" = add i64 %".41", %".166"
  %".168" = mul i64 %".38", 4
  %".169" = mul i64 %".161", %".55"
  %".170" = add i64 %".153", %".169"
  call void @"tile_6x1_1"(i64 %".167", i64 %".168", i64 %".44", i64 %".151", i64 %".61", i64 %".170", i64 %".55")
  br label %"head.8"
after.8:
  br label %"head.9"
head.9:
  %".174" = phi  i64 [%".161", %"after.8"], [%".175", %"body.9"]
  %".175" = add i64 %".174", 4
  %".176" = icmp sle i64 %".175", %".56"
  br i1 %".176", label %"body.9", label %"after.9"
body.9:
  %".178" = mul i64 %".38", 4
  %".179" = mul i64 %".174", %".178"
  %".180" = add i64 %".41", %".179"
  %".181" = mul i64 %".38", 4
  %".182" = mul i64 %".174", %".55"
  %".183" = add i64 %".153", %".182"
  call void @"tile_4x1_1"(i64 %".180", i64 %".181", i64 %".44", i64 %".151", i64 %".61", i64 %".183", i64 %".55")
  br label %"head.9"
after.9:
  br label %"head.10"
head.10:
  %".187" = phi  i64 [%".174", %"after.9"], [%".188", %"body.10"]
  %".188" = add i64 %".187", 2
  %".189" = icmp sle i64 %".188", %".56"
  br i1 %".189", label %"body.10", label %"after.10"
body.10:
  %".191" = mul i64 %".38", 4
  %".192" = mul i64 %".187", %".191"
  %".193" = add i64 %".41", %".192"
  %".194" = mul i64 %".38", 4
  %".195" = mul i64 %".187", %".55"
  %".196" = add i64 %".153", %".195"
  call void @"tile_2x1_1"(i64 %".193", i64 %".194", i64 %".44", i64 %".151", i64 %".61", i64 %".196", i64 %".55")
  br label %"head.10"
after.10:
  br label %"head.11"
head.11:
  %".200" = phi  i64 [%".187", %"after.10"], [%".201", %"body.11"]
  %".201" = add i64 %".200", 1
  %".202" = icmp sle i64 %".201", %".56"
  br i1 %".202", label %"body.11", label %"after.11"
body.11:
  %".204" = mul i64 %".38", 4
  %".205" = mul i64 %".200", %".204"
  %".206" = add i64 %".41", %".205"
  %".207" = mul i64 %".38", 4
  %".208" = mul i64 %".200", %".55"
  %".209" = add i64 %".153", %".208"
  call void @"tile_1x1_1"(i64 %".206", i64 %".207", i64 %".44", i64 %".151", i64 %".61", i64 %".209", i64 %".55")
  br label %"head.11"
after.11:
  br label %"head.7"
head.12:
  %".215" = phi  i64 [%".22", %"body.endif"], [%".216", %"body.12"]
  %".216" = add i64 %".215", 1
  %".217" = icmp sle i64 %".216", %".28"
  br i1 %".217", label %"body.12", label %"after.12"
body.12:
  br label %"head.12"
after.12:
  br label %"head"
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
  %".54" = getelementptr i64, ptr %".53", i64 14
  %".55" = load i64, ptr %".54"
  %".57" = inttoptr i64 %".1" to ptr
  %".58" = getelementptr i64, ptr %".57", i64 15
  %".59" = load i64, ptr %".58"
  %".60" = inttoptr i64 %".1" to ptr
  %".61" = getelementptr i64, ptr %".60", i64 16
  %".62" = load i64, ptr %".61"
  %".66" = inttoptr i64 %".1" to ptr
  %".67" = getelementptr i64, ptr %".66", i64 12
  %".68" = load i64, ptr %".67"
  %".70" = inttoptr i64 %".1" to ptr
  %".71" = getelementptr i64, ptr %".70", i64 17
  %".72" = load i64, ptr %".71"
  %".73" = inttoptr i64 %".1" to ptr
  %".74" = getelementptr i64, ptr %".73", i64 4
  %".75" = load i64, ptr %".74"
  %".76" = inttoptr i64 %".1" to ptr
  %".77" = getelementptr i64, ptr %".76", i64 5
  %".78" = load i64, ptr %".77"
  %".82" = inttoptr i64 %".1" to ptr
  %".83" = getelementptr i64, ptr %".82", i64 18
  %".84" = load i64, ptr %".83"
  %".90" = inttoptr i64 %".1" to ptr
  %".91" = getelementptr i64, ptr %".90", i64 13
  %".92" = load i64, ptr %".91"
  %".253" = inttoptr i64 %".1" to ptr
  %".254" = getelementptr i64, ptr %".253", i64 19
  %".255" = load i64, ptr %".254"
  %".256" = inttoptr i64 %".1" to ptr
  %".257" = getelementptr i64, ptr %".256", i64 20
  %".258" = load i64, ptr %".257"
  %".266" = inttoptr i64 %".1" to ptr
  %".267" = getelementptr i64, ptr %".266", i64 21
  %".268" = load i64, ptr %".267"
  %".269" = inttoptr i64 %".1" to ptr
  %".270" = getelementptr i64, ptr %".269", i64 22
  %".271" = load i64, ptr %".270"
  %".283" = inttoptr i64 %".1" to ptr
  %".284" = getelementptr i64, ptr %".283", i64 23
  %".285" = load i64, ptr %".284"
  %".286" = inttoptr i64 %".1" to ptr
  %".287" = getelementptr i64, ptr %".286", i64 24
  %".288" = load i64, ptr %".287"
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
  %".56" = add i64 %".36", %".11"
  %".63" = mul i64 %".62", 4
  %".64" = mul i64 %".56", %".63"
  %".65" = add i64 %".59", %".64"
  %".69" = sub i64 %".11", %".11"
  %".79" = mul i64 %".2", %".78"
  %".80" = add i64 %".75", %".79"
  %".81" = add i64 %".72", %".80"
  %".85" = mul i64 %".84", 4
  %".86" = mul i64 %".69", %".85"
  %".87" = add i64 %".81", %".86"
  %".88" = mul i64 %".84", 4
  %".89" = sub i64 %".38", %".11"
  %".93" = add i64 1, %".68"
  %".94" = mul i64 %".93", 64
  %".95" = icmp slt i64 %".89", 4
  br i1 %".95", label %"body.if.if", label %"body.if.else"
body.endif:
  br label %"head"
body.if.if:
  br label %"head.1"
body.if.else:
  br label %"head.7"
body.if.endif:
  br label %"head.12"
head.1:
  %".98" = phi  i64 [0, %"body.if.if"], [%".99", %"after.3"]
  %".99" = add i64 %".98", 2
  %".100" = icmp sle i64 %".99", %".55"
  br i1 %".100", label %"body.1", label %"after.1"
body.1:
  %".102" = mul i64 %".98", %".94"
  %".103" = add i64 %".92", %".102"
  %".104" = mul i64 %".98", 64
  %".105" = add i64 %".87", %".104"
  %".106" = srem i64 %".89", 2
  %".107" = icmp eq i64 %".106", 0
  %".108" = icmp sgt i64 %".89", 2
  %".109" = and i1 %".107", %".108"
  br label %"head.2"
after.1:
  br label %"head.4"
head.2:
  %".111" = phi  i64 [0, %"body.1"], [%".112", %"body.2"]
  %".112" = add i64 %".111", 2
  %".113" = icmp sle i64 %".112", %".89"
  br i1 %".113", label %"body.2", label %"after.2"
body.2:
  %".115" = mul i64 %".62", 4
  %".116" = mul i64 %".111", %".115"
  %".117" = add i64 %".65", %".116"
  %".118" = mul i64 %".62", 4
  %".119" = mul i64 %".111", %".88"
  %".120" = add i64 %".105", %".119"
  call void @"tile_2x2_1"(i64 %".117", i64 %".118", i64 %".68", i64 %".103", i64 %".94", i64 %".120", i64 %".88")
  br label %"head.2"
after.2:
  br label %"head.3"
head.3:
  %".124" = phi  i64 [%".111", %"after.2"], [%".125", %"body.3"]
  %".125" = add i64 %".124", 1
  %".126" = icmp sle i64 %".125", %".89"
  br i1 %".126", label %"body.3", label %"after.3"
body.3:
  %".128" = mul i64 %".62", 4
  %".129" = mul i64 %".124", %".128"
  %".130" = add i64 %".65", %".129"
  %".131" = mul i64 %".62", 4
  %".132" = mul i64 %".124", %".88"
  %".133" = add i64 %".105", %".132"
  call void @"tile_1x2_1"(i64 %".130", i64 %".131", i64 %".68", i64 %".103", i64 %".94", i64 %".133", i64 %".88")
  br label %"head.3"
after.3:
  br label %"head.1"
head.4:
  %".138" = phi  i64 [%".98", %"after.1"], [%".139", %"after.6"]
  %".139" = add i64 %".138", 1
  %".140" = icmp sle i64 %".139", %".55"
  br i1 %".140", label %"body.4", label %"after.4"
body.4:
  %".142" = mul i64 %".138", %".94"
  %".143" = add i64 %".92", %".142"
  %".144" = mul i64 %".138", 64
  %".145" = add i64 %".87", %".144"
  %".146" = srem i64 %".89", 2
  %".147" = icmp eq i64 %".146", 0
  %".148" = icmp sgt i64 %".89", 2
  %".149" = and i1 %".147", %".148"
  br label %"head.5"
after.4:
  br label %"body.if.endif"
head.5:
  %".151" = phi  i64 [0, %"body.4"], [%".152", %"body.5"]
  %".152" = add i64 %".151", 2
  %".153" = icmp sle i64 %".152", %".89"
  br i1 %".153", label %"body.5", label %"after.5"
body.5:
  %".155" = mul i64 %".62", 4
  %".156" = mul i64 %".151", %".155"
  %".157" = add i64 %".65", %".156"
  %".158" = mul i64 %".62", 4
  %".159" = mul i64 %".151", %".88"
  %".160" = add i64 %".145", %".159"
  call void @"tile_2x1_1"(i64 %".157", i64 %".158", i64 %".68", i64 %".143", i64 %".94", i64 %".160", i64 %".88")
  br label %"head.5"
after.5:
  br label %"head.6"
head.6:
  %".164" = phi  i64 [%".151", %"after.5"], [%".165", %"body.6"]
  %".165" = add i64 %".164", 1
  %".166" = icmp sle i64 %".165", %".89"
  br i1 %".166", label %"body.6", label %"after.6"
body.6:
  %".168" = mul i64 %".62", 4
  %".169" = mul i64 %".164", %".168"
  %".170" = add i64 %".65", %".169"
  %".171" = mul i64 %".62", 4
  %".172" = mul i64 %".164", %".88"
  %".173" = add i64 %".145", %".172"
  call void @"tile_1x1_1"(i64 %".170", i64 %".171", i64 %".68", i64 %".143", i64 %".94", i64 %".173", i64 %".88")
  br label %"head.6"
after.6:
  br label %"head.4"
head.7:
  %".179" = phi  i64 [0, %"body.if.else"], [%".180", %"after.11"]
  %".180" = add i64 %".179", 1
  %".181" = icmp sle i64 %".180", %".55"
  br i1 %".181", label %"body.7", label %"after.7"
body.7:
  %".183" = mul i64 %".179", %".94"
  %".184" = add i64 %".92", %".183"
  %".185" = mul i64 %".179", 64
  %".186" = add i64 %".87", %".185"
  %".187" = srem i64 %".89", 6
  %".188" = icmp eq i64 %".187", 2
  %".189" = icmp sgt i64 %".89", 6
  %".190" = and i1 %".188", %".189"
  %".191" = sub i64 %".89", 8
  %".192" = select  i1 %".190", i64 %".191", i64 %".89"
  br label %"head.8"
after.7:
  br label %"body.if.endif"
head.8:
  %".194" = phi  i64 [0, %"body.7"], [%".195", %"body.8"]
  %".195" = add i64 %".194", 6
  %".196" = icmp sle i64 %".195", %".192"
  br i1 %".196", label %"body.8", label %"after.8"
body.8:
  %".198" = mul i64 %".62", 4
  %".199" = mul i64 %".194", %".198"
  %".200" = add i64 %".65", %".199"
  %".201" = mul i64 %".62", 4
  %".202" = mul i64 %".194", %".88"
  %".203" = add i64 %".186", %".202"
  call void @"tile_6x1_1"(i64 %".200", i64 %".201", i64 %".68", i64 %".184", i64 %".94", i64 %".203", i64 %".88")
  br label %"head.8"
after.8:
  br label %"head.9"
head.9:
  %".207" = phi  i64 [%".194", %"after.8"], [%".208", %"body.9"]
  %".208" = add i64 %".207", 4
  %".209" = icmp sle i64 %".208", %".89"
  br i1 %".209", label %"body.9", label %"after.9"
body.9:
  %".211" = mul i64 %".62", 4
  %".212" = mul i64 %".207", %".211"
  %".213" = add i64 %".65", %".212"
  %".214" = mul i64 %".62", 4
  %".215" = mul i64 %".207", %".88"
  %".216" = add i64 %".186", %".215"
  call void @"tile_4x1_1"(i64 %".213", i64 %".214", i64 %".68", i64 %".184", i64 %".94", i64 %".216", i64 %".88")
  br label %"head.9"
after.9:
  br label %"head.10"
head.10:
  %".220" = phi  i64 [%".207", %"after.9"], [%".221", %"body.10"]
  %".221" = add i64 %".220", 2
  %".222" = icmp sle i64 %".221", %".89"
  br i1 %".222", label %"body.10", label %"after.10"
body.10:
  %".224" = mul i64 %".62", 4
  %".225" = mul i64 %".220", %".224"
  %".226" = add i64 %".65", %".225"
  %".227" = mul i64 %".62", 4
  %".228" = mul i64 %".220", %".88"
  %".229" = add i64 %".186", %".228"
  call void @"tile_2x1_1"(i64 %".226", i64 %".227", i64 %".68", i64 %".184", i64 %".94", i64 %".229", i64 %".88")
  br label %"head.10"
after.10:
  br label %"head.11"
head.11:
  %".233" = phi  i64 [%".220", %"after.10"], [%".234", %"body.11"]
  %".234" = add i64 %".233", 1
  %".235" = icmp sle i64 %".234", %".89"
  br i1 %".235", label %"body.11", label %"after.11"
body.11:
  %".237" = mul i64 %".62", 4
  %".238" = mul i64 %".233", %".237"
  %".239" = add i64 %".65", %".238"
  %".240" = mul i64 %".62", 4
  %".241" = mul i64 %".233", %".88"
  %".242" = add i64 %".186", %".241"
  call void @"tile_1x1_1"(i64 %".239", i64 %".240", i64 %".68", i64 %".184", i64 %".94", i64 %".242", i64 %".88")
  br label %"head.11"
after.11:
  br label %"head.7"
head.12:
  %".248" = phi  i64 [%".11", %"body.if.endif"], [%".249", %"after.14.endif"]
  %".249" = add i64 %".248", 1
  %".250" = icmp sle i64 %".249", %".38"
  br i1 %".250", label %"body.12", label %"after.12"
body.12:
  %".252" = add i64 %".36", %".248"
  %".259" = mul i64 %".258", 4
  %".260" = mul i64 %".252", %".259"
  %".261" = add i64 %".255", %".260"
  %".262" = add i64 %".46", %".248"
  %".263" = mul i64 %".62", 4
  %".264" = mul i64 %".262", %".263"
  %".265" = add i64 %".59", %".264"
  %".272" = mul i64 %".271", 4
  %".273" = mul i64 %".248", %".272"
  %".274" = add i64 %".268", %".273"
  %".275" = icmp slt i64 %".248", %".50"
  %".276" = select  i1 %".275", i64 %".265", i64 %".274"
  br label %"head.13"
after.12:
  br label %"body.endif"
head.13:
  %".278" = phi  i64 [0, %"body.12"], [%".279", %"body.13"]
  %".279" = add i64 %".278", 16
  %".280" = icmp sle i64 %".279", %".68"
  br i1 %".280", label %"body.13", label %"after.13"
body.13:
  %".282" = add i64 %".36", %".248"
  %".289" = mul i64 %".288", 4
  %".290" = mul i64 %".282", %".289"
  %".291" = add i64 %".285", %".290"
  %".292" = inttoptr i64 %".291" to ptr
  %".293" = getelementptr float, ptr %".292", i64 %".278"
  %".294" = load <16 x float>, ptr %".293", align 4
  %".295" = sub i64 %".248", %".11"
  %".296" = mul i64 %".2", %".78"
  %".297" = add i64 %".75", %".296"
  %".298" = add i64 %".72", %".297"
  %".299" = mul i64 %".84", 4
  %".300" = mul i64 %".295", %".299"
  %".301" = add i64 %".298", %".300"
  %".302" = inttoptr i64 %".301" to ptr
  %".303" = getelementptr float, ptr %".302", i64 %".278"
  %".304" = load <16 x float>, ptr %".303", align 4
  %".305" = fadd <16 x float> %".294", %".304"
  %".306" = call <16 x float> @"llvm.fabs.v16f32"(<16 x float> %".305")
  %".307" = fcmp ogt <16 x float> %".306", <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>
  %".308" = select  <16 x i1> %".307", <16 x float> <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>, <16 x float> %".306"
  %".309" = fadd <16 x float> %".308", %".308"
  %".310" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".309", <16 x float> <float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000>, <16 x float> <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>)
  %".311" = fsub <16 x float> %".310", <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>
  %".312" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".311", <16 x float> <float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000>, <16 x float> %".309")
  %".313" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".311", <16 x float> <float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000>, <16 x float> %".312")
  %".314" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> <float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000>, <16 x float> %".313", <16 x float> <float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000>)
  %".315" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".314", <16 x float> %".313", <16 x float> <float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000>)
  %".316" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".315", <16 x float> %".313", <16 x float> <float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000>)
  %".317" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".316", <16 x float> %".313", <16 x float> <float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000>)
  %".318" = bitcast <16 x float> %".310" to <16 x i32>
  %".319" = fmul <16 x float> %".313", %".313"
  %".320" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".319", <16 x float> %".317", <16 x float> %".313")
  %".321" = shl <16 x i32> %".318", <i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23>
  %".322" = add <16 x i32> %".321", <i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216>
  %".323" = bitcast <16 x i32> %".322" to <16 x float>
  %".324" = fsub <16 x float> %".323", <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>
  %".325" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".323", <16 x float> %".320", <16 x float> %".324")
  %".326" = fadd <16 x float> %".325", <float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000>
  %".327" = fdiv <16 x float> %".325", %".326"
  %".328" = call <16 x float> @"llvm.copysign.v16f32"(<16 x float> %".327", <16 x float> %".305")
  %".329" = inttoptr i64 %".261" to ptr
  %".330" = getelementptr float, ptr %".329", i64 %".278"
  store <16 x float> %".328", ptr %".330", align 4
  %".332" = inttoptr i64 %".276" to ptr
  %".333" = getelementptr float, ptr %".332", i64 %".278"
  store <16 x float> %".328", ptr %".333", align 4
  br label %"head.13"
after.13:
  br label %"head.14"
head.14:
  %".337" = phi  i64 [%".278", %"after.13"], [%".338", %"body.14"]
  %".338" = add i64 %".337", 8
  %".339" = icmp sle i64 %".338", %".68"
  br i1 %".339", label %"body.14", label %"after.14"
body.14:
  %".341" = add i64 %".36", %".248"
  %".342" = mul i64 %".288", 4
  %".343" = mul i64 %".341", %".342"
  %".344" = add i64 %".285", %".343"
  %".345" = inttoptr i64 %".344" to ptr
  %".346" = getelementptr float, ptr %".345", i64 %".337"
  %".347" = load <8 x float>, ptr %".346", align 4
  %".348" = sub i64 %".248", %".11"
  %".349" = mul i64 %".2", %".78"
  %".350" = add i64 %".75", %".349"
  %".351" = add i64 %".72", %".350"
  %".352" = mul i64 %".84", 4
  %".353" = mul i64 %".348", %".352"
  %".354" = add i64 %".351", %".353"
  %".355" = inttoptr i64 %".354" to ptr
  %".356" = getelementptr float, ptr %".355", i64 %".337"
  %".357" = load <8 x float>, ptr %".356", align 4
  %".358" = fadd <8 x float> %".347", %".357"
  %".359" = call <8 x float> @"llvm.fabs.v8f32"(<8 x float> %".358")
  %".360" = fcmp ogt <8 x float> %".359", <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>
  %".361" = select  <8 x i1> %".360", <8 x float> <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>, <8 x float> %".359"
  %".362" = fadd <8 x float> %".361", %".361"
  %".363" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".362", <8 x float> <float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000>, <8 x float> <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>)
  %".364" = fsub <8 x float> %".363", <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>
  %".365" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".364", <8 x float> <float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000>, <8 x float> %".362")
  %".366" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".364", <8 x float> <float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000>, <8 x float> %".365")
  %".367" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> <float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000>, <8 x float> %".366", <8 x float> <float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000>)
  %".368" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".367", <8 x float> %".366", <8 x float> <float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000>)
  %".369" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".368", <8 x float> %".366", <8 x float> <float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000>)
  %".370" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".369", <8 x float> %".366", <8 x float> <float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000>)
  %".371" = bitcast <8 x float> %".363" to <8 x i32>
  %".372" = fmul <8 x float> %".366", %".366"
  %".373" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".372", <8 x float> %".370", <8 x float> %".366")
  %".374" = shl <8 x i32> %".371", <i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23>
  %".375" = add <8 x i32> %".374", <i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216>
  %".376" = bitcast <8 x i32> %".375" to <8 x float>
  %".377" = fsub <8 x float> %".376", <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>
  %".378" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".376", <8 x float> %".373", <8 x float> %".377")
  %".379" = fadd <8 x float> %".378", <float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000>
  %".380" = fdiv <8 x float> %".378", %".379"
  %".381" = call <8 x float> @"llvm.copysign.v8f32"(<8 x float> %".380", <8 x float> %".358")
  %".382" = inttoptr i64 %".261" to ptr
  %".383" = getelementptr float, ptr %".382", i64 %".337"
  store <8 x float> %".381", ptr %".383", align 4
  %".385" = inttoptr i64 %".276" to ptr
  %".386" = getelementptr float, ptr %".385", i64 %".337"
  store <8 x float> %".381", ptr %".386", align 4
  br label %"head.14"
after.14:
  %".389" = sub i64 %".68", %".337"
  %".390" = icmp sgt i64 %".389", 0
  br i1 %".390", label %"after.14.if", label %"after.14.endif"
after.14.if:
  %".392" = trunc i64 %".389" to i32
  %".393" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".392", i32 0
  %".394" = shufflevector <8 x i32> %".393", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".395" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".394"
  %".396" = add i64 %".36", %".248"
  %".397" = mul i64 %".288", 4
  %".398" = mul i64 %".396", %".397"
  %".399" = add i64 %".285", %".398"
  %".400" = inttoptr i64 %".399" to ptr
  %".401" = getelementptr float, ptr %".400", i64 %".337"
  %".402" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".401", i32 4, <8 x i1> %".395", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".403" = sub i64 %".248", %".11"
  %".404" = mul i64 %".2", %".78"
  %".405" = add i64 %".75", %".404"
  %".406" = add i64 %".72", %".405"
  %".407" = mul i64 %".84", 4
  %".408" = mul i64 %".403", %".407"
  %".409" = add i64 %".406", %".408"
  %".410" = inttoptr i64 %".409" to ptr
  %".411" = getelementptr float, ptr %".410", i64 %".337"
  %".412" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".411", i32 4, <8 x i1> %".395", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".413" = fadd <8 x float> %".402", %".412"
  %".414" = call <8 x float> @"llvm.fabs.v8f32"(<8 x float> %".413")
  %".415" = fcmp ogt <8 x float> %".414", <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>
  %".416" = select  <8 x i1> %".415", <8 x float> <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>, <8 x float> %".414"
  %".417" = fadd <8 x float> %".416", %".416"
  %".418" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".417", <8 x float> <float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000>, <8 x float> <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>)
  %".419" = fsub <8 x float> %".418", <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>
  %".420" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".419", <8 x float> <float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000>, <8 x float> %".417")
  %".421" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".419", <8 x float> <float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000>, <8 x float> %".420")
  %".422" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> <float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000>, <8 x float> %".421", <8 x float> <float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000>)
  %".423" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".422", <8 x float> %".421", <8 x float> <float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000>)
  %".424" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".423", <8 x float> %".421", <8 x float> <float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000>)
  %".425" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".424", <8 x float> %".421", <8 x float> <float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000>)
  %".426" = bitcast <8 x float> %".418" to <8 x i32>
  %".427" = fmul <8 x float> %".421", %".421"
  %".428" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".427", <8 x float> %".425", <8 x float> %".421")
  %".429" = shl <8 x i32> %".426", <i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23>
  %".430" = add <8 x i32> %".429", <i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216>
  %".431" = bitcast <8 x i32> %".430" to <8 x float>
  %".432" = fsub <8 x float> %".431", <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>
  %".433" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".431", <8 x float> %".428", <8 x float> %".432")
  %".434" = fadd <8 x float> %".433", <float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000>
  %".435" = fdiv <8 x float> %".433", %".434"
  %".436" = call <8 x float> @"llvm.copysign.v8f32"(<8 x float> %".435", <8 x float> %".413")
  %".437" = inttoptr i64 %".261" to ptr
  %".438" = getelementptr float, ptr %".437", i64 %".337"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".436", ptr %".438", i32 4, <8 x i1> %".395")
  %".440" = inttoptr i64 %".276" to ptr
  %".441" = getelementptr float, ptr %".440", i64 %".337"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".436", ptr %".441", i32 4, <8 x i1> %".395")
  br label %"after.14.endif"
after.14.endif:
  br label %"head.12"
}

declare <16 x float> @"llvm.fabs.v16f32"(<16 x float> %".1")

declare <16 x float> @"llvm.fma.v16f32"(<16 x float> %".1", <16 x float> %".2", <16 x float> %".3")

declare <16 x float> @"llvm.copysign.v16f32"(<16 x float> %".1", <16 x float> %".2")

declare <8 x float> @"llvm.fabs.v8f32"(<8 x float> %".1")

declare <8 x float> @"llvm.copysign.v8f32"(<8 x float> %".1", <8 x float> %".2")

declare <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".1", i32 %".2", <8 x i1> %".3", <8 x float> %".4")

declare void @"llvm.masked.store.v8f32.p0"(<8 x float> %".1", ptr %".2", i32 %".3", <8 x i1> %".4")

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

define internal void @"before_0.inside"(ptr %".1")
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
  call void @"before_0"(i64 %".4", i64 %".21", i64 %".6")
  br label %"head"
after:
  ret void
}

define void @"before_0.team"(i64 %".1", i64 %".2", i64 %".3")
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
  call void @"GOMP_parallel"(void (ptr)* @"before_0.inside", ptr %".7", i32 %".12", i32 0)
  ret void
}

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
