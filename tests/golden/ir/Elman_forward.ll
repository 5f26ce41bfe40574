; ModuleID = "recurra"
target triple = "x86_64-unknown-linux-gnu"
target datalayout = ""

define void @"before_0"(i64 %".1", i64 %".2", i64 %".3")
{
entry:
  %".6" = inttoptr i64 %".1" to ptr
  %".7" = getelementptr i64, ptr %".6", i64 4
  %".8" = load i64, ptr %".7"
  %".29" = inttoptr i64 %".1" to ptr
  %".30" = getelementptr i64, ptr %".29", i64 15
  %".31" = load i64, ptr %".30"
  %".33" = inttoptr i64 %".1" to ptr
  %".34" = getelementptr i64, ptr %".33", i64 16
  %".35" = load i64, ptr %".34"
  %".36" = inttoptr i64 %".1" to ptr
  %".37" = getelementptr i64, ptr %".36", i64 17
  %".38" = load i64, ptr %".37"
  %".42" = inttoptr i64 %".1" to ptr
  %".43" = getelementptr i64, ptr %".42", i64 12
  %".44" = load i64, ptr %".43"
  %".46" = inttoptr i64 %".1" to ptr
  %".47" = getelementptr i64, ptr %".46", i64 18
  %".48" = load i64, ptr %".47"
  %".49" = inttoptr i64 %".1" to ptr
  %".50" = getelementptr i64, ptr %".49", i64 19
  %".51" = load i64, ptr %".50"
  %".57" = inttoptr i64 %".1" to ptr
  %".58" = getelementptr i64, ptr %".57", i64 14
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
  %".57" = getelementptr i64, ptr %".56", i64 15
  %".58" = load i64, ptr %".57"
  %".60" = inttoptr i64 %".1" to ptr
  %".61" = getelementptr i64, ptr %".60", i64 16
  %".62" = load i64, ptr %".61"
  %".63" = inttoptr i64 %".1" to ptr
  %".64" = getelementptr i64, ptr %".63", i64 17
  %".65" = load i64, ptr %".64"
  %".69" = inttoptr i64 %".1" to ptr
  %".70" = getelementptr i64, ptr %".69", i64 13
  %".71" = load i64, ptr %".70"
  %".73" = inttoptr i64 %".1" to ptr
  %".74" = getelementptr i64, ptr %".73", i64 18
  %".75" = load i64, ptr %".74"
  %".76" = inttoptr i64 %".1" to ptr
  %".77" = getelementptr i64, ptr %".76", i64 5
  %".78" = load i64, ptr %".77"
  %".79" = inttoptr i64 %".1" to ptr
  %".80" = getelementptr i64, ptr %".79", i64 6
  %".81" = load i64, ptr %".80"
  %".85" = inttoptr i64 %".1" to ptr
  %".86" = getelementptr i64, ptr %".85", i64 19
  %".87" = load i64, ptr %".86"
  %".93" = inttoptr i64 %".1" to ptr
  %".94" = getelementptr i64, ptr %".93", i64 14
  %".95" = load i64, ptr %".94"
  %".256" = inttoptr i64 %".1" to ptr
  %".257" = getelementptr i64, ptr %".256", i64 20
  %".258" = load i64, ptr %".257"
  %".259" = inttoptr i64 %".1" to ptr
  %".260" = getelementptr i64, ptr %".259", i64 21
  %".261" = load i64, ptr %".260"
  %".269" = inttoptr i64 %".1" to ptr
  %".270" = getelementptr i64, ptr %".269", i64 22
  %".271" = load i64, ptr %".270"
  %".272" = inttoptr i64 %".1" to ptr
  %".273" = getelementptr i64, ptr %".272", i64 23
  %".274" = load i64, ptr %".273"
  %".286" = inttoptr i64 %".1" to ptr
  %".287" = getelementptr i64, ptr %".286", i64 24
  %".288" = load i64, ptr %".287"
  %".289" = inttoptr i64 %".1" to ptr
  %".290" = getelementptr i64, ptr %".289", i64 25
  %".291" = load i64, ptr %".290"
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
  %".59" = add i64 %".39", %".11"
  %".66" = mul i64 %".65", 4
  %".67" = mul i64 %".59", %".66"
  %".68" = add i64 %".62", %".67"
  %".72" = sub i64 %".11", %".11"
  %".82" = mul i64 %".2", %".81"
  %".83" = add i64 %".78", %".82"
  %".84" = add i64 %".75", %".83"
  %".88" = mul i64 %".87", 4
  %".89" = mul i64 %".72", %".88"
  %".90" = add i64 %".84", %".89"
  %".91" = mul i64 %".87", 4
  %".92" = sub i64 %".41", %".11"
  %".96" = add i64 1, %".71"
  %".97" = mul i64 %".96", 64
  %".98" = icmp slt i64 %".92", 4
  br i1 %".98", label %"body.if.if", label %"body.if.else"
body.endif:
  br label %"head"
body.if.if:
  br label %"head.1"
body.if.else:
  br label %"head.7"
body.if.endif:
  br label %"head.12"
head.1:
  %".101" = phi  i64 [0, %"body.if.if"], [%".102", %"after.3"]
  %".102" = add i64 %".101", 2
  %".103" = icmp sle i64 %".102", %".58"
  br i1 %".103", label %"body.1", label %"after.1"
body.1:
  %".105" = mul i64 %".101", %".97"
  %".106" = add i64 %".95", %".105"
  %".107" = mul i64 %".101", 64
  %".108" = add i64 %".90", %".107"
  %".109" = srem i64 %".92", 2
  %".110" = icmp eq i64 %".109", 0
  %".111" = icmp sgt i64 %".92", 2
  %".112" = and i1 %".110", %".111"
  br label %"head.2"
after.1:
  br label %"head.4"
head.2:
  %".114" = phi  i64 [0, %"body.1"], [%".115", %"body.2"]
  %".115" = add i64 %".114", 2
  %".116" = icmp sle i64 %".115", %".92"
  br i1 %".116", label %"body.2", label %"after.2"
body.2:
  %".118" = mul i64 %".65", 4
  %".119" = mul i64 %".114", %".118"
  %".120" = add i64 %".68", %".119"
  %".121" = mul i64 %".65", 4
  %".122" = mul i64 %".114", %".91"
  %".123" = add i64 %".108", %".122"
  call void @"tile_2x2_1"(i64 %".120", i64 %".121", i64 %".71", i64 %".106", i64 %".97", i64 %".123", i64 %".91")
  br label %"head.2"
after.2:
  br label %"head.3"
head.3:
  %".127" = phi  i64 [%".114", %"after.2"], [%".128", %"body.3"]
  %".128" = add i64 %".127", 1
  %".129" = icmp sle i64 %".128", %".92"
  br i1 %".129", label %"body.3", label %"after.3"
body.3:
  %".131" = mul i64 %".65", 4
  %".132" = mul i64 %".127", %".131"
  %".133" = add i64 %".68", %".132"
  %".134" = mul i64 %".65", 4
  %".135" = mul i64 %".127", %".91"
  %".136" = add i64 %".108", %".135"
  call void @"tile_1x2_1"(i64 %".133", i64 %".134", i64 %".71", i64 %".106", i64 %".97", i64 %".136", i64 %".91")
  br label %"head.3"
after.3:
  br label %"head.1"
head.4:
  %".141" = phi  i64 [%".101", %"after.1"], [%".142", %"after.6"]
  %".142" = add i64 %".141", 1
  %".143" = icmp sle i64 %".142", %".58"
  br i1 %".143", label %"body.4", label %"after.4"
body.4:
  %".145" = mul i64 %".141", %".97"
  %".146" = add i64 %".95", %".145"
  %".147" = mul i64 %".141", 64
  %".148" = add i64 %".90", %".147"
  %".149" = srem i64 %".92", 2
  %".150" = icmp eq i64 %".149", 0
  %".151" = icmp sgt i64 %".92", 2
  %".152" = and i1 %".150", %".151"
  br label %"head.5"
after.4:
  br label %"body.if.endif"
head.5:
  %".154" = phi  i64 [0, %"body.4"], [%".155", %"body.5"]
  %".155" = add i64 %".154", 2
  %".156" = icmp sle i64 %".155", %".92"
  br i1 %".156", label %"body.5", label %"after.5"
body.5:
  %".158" = mul i64 %".65", 4
  %".159" = mul i64 %".154", %".158"
  %".160" = add i64 %".68", %".159"
  %".161" = mul i64 %".65", 4
  %".162" = mul i64 %".154", %".91"
  %".163" = add i64 %".148", %".162"
  call void @"tile_2x1_1"(i64 %".160", i64 %".161", i64 %".71", i64 %".146", i64 %".97", i64 %".163", i64 %".91")
  br label %"head.5"
after.5:
  br label %"head.6"
head.6:
  %".167" = phi  i64 [%".154", %"after.5"], [%".168", %"body.6"]
  %".168" = add i64 %".167", 1
  %".169" = icmp sle i64 %".168", %".92"
  br i1 %".169", label %"body.6", label %"after.6"
body.6:
  %".171" = mul i64 %".65", 4
  %".172" = mul i64 %".167", %".171"
  %".173" = add i64 %".68", %".172"
  %".174" = mul i64 %".65", 4
  %".175" = mul i64 %".167", %".91"
  %".176" = add i64 %".148", %".175"
  call void @"tile_1x1_1"(i64 %".173", i64 %".174", i64 %".71", i64 %".146", i64 %".97", i64 %".176", i64 %".91")
  br label %"head.6"
after.6:
  br label %"head.4"
head.7:
  %".182" = phi  i64 [0, %"body.if.else"], [%".183", %"after.11"]
  %".183" = add i64 %".182", 1
  %".184" = icmp sle i64 %".183", %".58"
  br i1 %".184", label %"body.7", label %"after.7"
body.7:
  %".186" = mul i64 %".182", %".97"
  %".187" = add i64 %".95", %".186"
  %".188" = mul i64 %".182", 64
  %".189" = add i64 %".90", %".188"
  %".190" = srem i64 %".92", 6
  %".191" = icmp eq i64 %".190", 2
  %".192" = icmp sgt i64 %".92", 6
  %".193" = and i1 %".191", %".192"
  %".194" = sub i64 %".92", 8
  %".195" = select  i1 %".193", i64 %".194", i64 %".92"
  br label %"head.8"
after.7:
  br label %"body.if.endif"
head.8:
  %".197" = phi  i64 [0, %"body.7"], [%".198", %"body.8"]
  %".198" = add i64 %".197", 6
  %".199" = icmp sle i64 %".198", %".195"
  br i1 %".199", label %"body.8", label %"after.8"
body.8:
  %".201" = mul i64 %".65", 4
  %".202" = mul i64 %".197", %".201"
  %".203" = add i64 %".68", %".202"
  %".204" = mul i64 %".65", 4
  %".205" = mul i64 %".197", %".91"
  %".206" = add i64 %".189", %".205"
  call void @"tile_6x1_1"(i64 %".203", i64 %".204", i64 %".71", i64 %".187", i64 %".97", i64 %".206", i64 %".91")
  br label %"head.8"
after.8:
  br label %"head.9"
head.9:
  %".210" = phi  i64 [%".197", %"after.8"], [%".211", %"body.9"]
  %".211" = add i64 %".210", 4
  %".212" = icmp sle i64 %".211", %".92"
  br i1 %".212", label %"body.9", label %"after.9"
body.9:
  %".214" = mul i64 %".65", 4
  %".215" = mul i64 %".210", %".214"
  %".216" = add i64 %".68", %".215"
  %".217" = mul i64 %".65", 4
  %".218" = mul i64 %".210", %".91"
  %".219" = add i64 %".189", %".218"
  call void @"tile_4x1_1"(i64 %".216", i64 %".217", i64 %".71", i64 %".187", i64 %".97", i64 %".219", i64 %".91")
  br label %"head.9"
after.9:
  br label %"head.10"
head.10:
  %".223" = phi  i64 [%".210", %"after.9"], [%".224", %"body.10"]
  %".224" = add i64 %".223", 2
  %".225" = icmp sle i64 %".224", %".92"
  br i1 %".225", label %"body.10", label %"after.10"
body.10:
  %".227" = mul i64 %".65", 4
  %".228" = mul i64 %".223", %".227"
  %".229" = add i64 %".68", %".228"
  %".230" = mul i64 %".65", 4
  %".231" = mul i64 %".223", %".91"
  %".232" = add i64 %".189", %".231"
  call void @"tile_2x1_1"(i64 %".229", i64 %".230", i64 %".71", i64 %".187", i64 %".97", i64 %".232", i64 %".91")
  br label %"head.10"
after.10:
  br label %"head.11"
head.11:
  %".236" = phi  i64 [%".223", %"after.10"], [%".237", %"body.11"]
  %".237" = add i64 %".236", 1
  %".238" = icmp sle i64 %".237", %".92"
  br i1 %".238", label %"body.11", label %"after.11"
body.11:
  %".240" = mul i64 %".65", 4
  %".241" = mul i64 %".236", %".240"
  %".242" = add i64 %".68", %".241"
  %".243" = mul i64 %".65", 4
  %".244" = mul i64 %".236", %".91"
  %".245" = add i64 %".189", %".244"
  call void @"tile_1x1_1"(i64 %".242", i64 %".243", i64 %".71", i64 %".187", i64 %".97", i64 %".245", i64 %".91")
  br label %"head.11"
after.11:
  br label %"head.7"
head.12:
  %".251" = phi  i64 [%".11", %"body.if.endif"], [%".252", %"after.14.endif"]
  %".252" = add i64 %".251", 1
  %".253" = icmp sle i64 %".252", %".41"
  br i1 %".253", label %"body.12", label %"after.12"
body.12:
  %".255" = add i64 %".39", %".251"
  %".262" = mul i64 %".261", 4
  %".263" = mul i64 %".255", %".262"
  %".264" = add i64 %".258", %".263"
  %".265" = add i64 %".49", %".251"
  %".266" = mul i64 %".65", 4
  %".267" = mul i64 %".265", %".266"
  %".268" = add i64 %".62", %".267"
  %".275" = mul i64 %".274", 4
  %".276" = mul i64 %".251", %".275"
  %".277" = add i64 %".271", %".276"
  %".278" = icmp slt i64 %".251", %".53"
  %".279" = select  i1 %".278", i64 %".268", i64 %".277"
  %".285" = add i64 %".39", %".251"
  %".292" = mul i64 %".291", 4
  %".293" = mul i64 %".285", %".292"
  %".294" = add i64 %".288", %".293"
  %".298" = sub i64 %".251", %".11"
  %".299" = mul i64 %".2", %".81"
  %".300" = add i64 %".78", %".299"
  %".301" = add i64 %".75", %".300"
  %".302" = mul i64 %".87", 4
  %".303" = mul i64 %".298", %".302"
  %".304" = add i64 %".301", %".303"
  br label %"head.13"
after.12:
  br label %"body.endif"
head.13:
  %".281" = phi  i64 [0, %"body.12"], [%".282", %"body.13"]
  %".282" = add i64 %".281", 16
  %".283" = icmp sle i64 %".282", %".71"
  br i1 %".283", label %"body.13", label %"after.13"
body.13:
  %".295" = inttoptr i64 %".294" to ptr
  %".296" = getelementptr float, ptr %".295", i64 %".281"
  %".297" = load <16 x float>, ptr %".296", align 4
  %".305" = inttoptr i64 %".304" to ptr
  %".306" = getelementptr float, ptr %".305", i64 %".281"
  %".307" = load <16 x float>, ptr %".306", align 4
  %".308" = fadd <16 x float> %".297", %".307"
  %".309" = call <16 x float> @"llvm.fabs.v16f32"(<16 x float> %".308")
  %".310" = fcmp ogt <16 x float> %".309", <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>
  %".311" = select  <16 x i1> %".310", <16 x float> <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>, <16 x float> %".309"
  %".312" = fadd <16 x float> %".311", %".311"
  %".313" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".312", <16 x float> <float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000>, <16 x float> <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>)
  %".314" = fsub <16 x float> %".313", <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>
  %".315" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".314", <16 x float> <float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000>, <16 x float> %".312")
  %".316" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".314", <16 x float> <float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000>, <16 x float> %".315")
  %".317" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> <float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000>, <16 x float> %".316", <16 x float> <float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000>)
  %".318" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".317", <16 x float> %".316", <16 x float> <float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000>)
  %".319" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".318", <16 x float> %".316", <16 x float> <float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000>)
  %".320" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".319", <16 x float> %".316", <16 x float> <float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000>)
  %".321" = bitcast <16 x float> %".313" to <16 x i32>
  %".322" = fmul <16 x float> %".316", %".316"
  %".323" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".322", <16 x float> %".320", <16 x float> %".316")
  %".324" = shl <16 x i32> %".321", <i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23>
  %".325" = add <16 x i32> %".324", <i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216>
  %".326" = bitcast <16 x i32> %".325" to <16 x float>
  %".327" = fsub <16 x float> %".326", <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>
  %".328" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".326", <16 x float> %".323", <16 x float> %".327")
  %".329" = fadd <16 x float> %".328", <float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000>
  %".330" = fdiv <16 x float> %".328", %".329"
  %".331" = call <16 x float> @"llvm.copysign.v16f32"(<16 x float> %".330", <16 x float> %".308")
  %".332" = inttoptr i64 %".264" to ptr
  %".333" = getelementptr float, ptr %".332", i64 %".281"
  store <16 x float> %".331", ptr %".333", align 4
  %".335" = inttoptr i64 %".279" to ptr
  %".336" = getelementptr float, ptr %".335", i64 %".281"
  store <16 x float> %".331", ptr %".336", align 4
  br label %"head.13"
after.13:
  br label %"head.14"
head.14:
  %".340" = phi  i64 [%".281", %"after.13"], [%".341", %"body.14"]
  %".341" = add i64 %".340", 8
  %".342" = icmp sle i64 %".341", %".71"
  br i1 %".342", label %"body.14", label %"after.14"
body.14:
  %".344" = inttoptr i64 %".294" to ptr
  %".345" = getelementptr float, ptr %".344", i64 %".340"
  %".346" = load <8 x float>, ptr %".345", align 4
  %".347" = inttoptr i64 %".304" to ptr
  %".348" = getelementptr float, ptr %".347", i64 %".340"
  %".349" = load <8 x float>, ptr %".348", align 4
  %".350" = fadd <8 x float> %".346", %".349"
  %".351" = call <8 x float> @"llvm.fabs.v8f32"(<8 x float> %".350")
  %".352" = fcmp ogt <8 x float> %".351", <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>
  %".353" = select  <8 x i1> %".352", <8 x float> <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>, <8 x float> %".351"
  %".354" = fadd <8 x float> %".353", %".353"
  %".355" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".354", <8 x float> <float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000>, <8 x float> <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>)
  %".356" = fsub <8 x float> %".355", <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>
  %".357" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".356", <8 x float> <float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000>, <8 x float> %".354")
  %".358" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".356", <8 x float> <float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000>, <8 x float> %".357")
  %".359" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> <float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000>, <8 x float> %".358", <8 x float> <float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000>)
  %".360" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".359", <8 x float> %".358", <8 x float> <float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000>)
  %".361" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".360", <8 x float> %".358", <8 x float> <float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000>)
  %".362" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".361", <8 x float> %".358", <8 x float> <float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000>)
  %".363" = bitcast <8 x float> %".355" to <8 x i32>
  %".364" = fmul <8 x float> %".358", %".358"
  %".365" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".364", <8 x float> %".362", <8 x float> %".358")
  %".366" = shl <8 x i32> %".363", <i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23>
  %".367" = add <8 x i32> %".366", <i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216>
  %".368" = bitcast <8 x i32> %".367" to <8 x float>
  %".369" = fsub <8 x float> %".368", <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>
  %".370" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".368", <8 x float> %".365", <8 x float> %".369")
  %".371" = fadd <8 x float> %".370", <float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000>
  %".372" = fdiv <8 x float> %".370", %".371"
  %".373" = call <8 x float> @"llvm.copysign.v8f32"(<8 x float> %".372", <8 x float> %".350")
  %".374" = inttoptr i64 %".264" to ptr
  %".375" = getelementptr float, ptr %".374", i64 %".340"
  store <8 x float> %".373", ptr %".375", align 4
  %".377" = inttoptr i64 %".279" to ptr
  %".378" = getelementptr float, ptr %".377", i64 %".340"
  store <8 x float> %".373", ptr %".378", align 4
  br label %"head.14"
after.14:
  %".381" = sub i64 %".71", %".340"
  %".382" = icmp sgt i64 %".381", 0
  br i1 %".382", label %"after.14.if", label %"after.14.endif"
after.14.if:
  %".384" = trunc i64 %".381" to i32
  %".385" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".384", i32 0
  %".386" = shufflevector <8 x i32> %".385", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".387" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".386"
  %".388" = inttoptr i64 %".294" to ptr
  %".389" = getelementptr float, ptr %".388", i64 %".340"
  %".390" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".389", i32 4, <8 x i1> %".387", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".391" = inttoptr i64 %".304" to ptr
  %".392" = getelementptr float, ptr %".391", i64 %".340"
  %".393" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".392", i32 4, <8 x i1> %".387", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".394" = fadd <8 x float> %".390", %".393"
  %".395" = call <8 x float> @"llvm.fabs.v8f32"(<8 x float> %".394")
  %".396" = fcmp ogt <8 x float> %".395", <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>
  %".397" = select  <8 x i1> %".396", <8 x float> <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>, <8 x float> %".395"
  %".398" = fadd <8 x float> %".397", %".397"
  %".399" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".398", <8 x float> <float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000>, <8 x float> <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>)
  %".400" = fsub <8 x float> %".399", <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>
  %".401" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".400", <8 x float> <float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000>, <8 x float> %".398")
  %".402" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".400", <8 x float> <float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000>, <8 x float> %".401")
  %".403" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> <float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000>, <8 x float> %".402", <8 x float> <float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000>)
  %".404" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".403", <8 x float> %".402", <8 x float> <float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000>)
  %".405" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".404", <8 x float> %".402", <8 x float> <float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000>)
  %".406" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".405", <8 x float> %".402", <8 x float> <float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000>)
  %".407" = bitcast <8 x float> %".399" to <8 x i32>
  %".408" = fmul <8 x float> %".402", %".402"
  %".409" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".408", <8 x float> %".406", <8 x float> %".402")
  %".410" = shl <8 x i32> %".407", <i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23>
  %".411" = add <8 x i32> %".410", <i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216>
  %".412" = bitcast <8 x i32> %".411" to <8 x float>
  %".413" = fsub <8 x float> %".412", <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>
  %".414" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".412", <8 x float> %".409", <8 x float> %".413")
  %".415" = fadd <8 x float> %".414", <float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000>
  %".416" = fdiv <8 x float> %".414", %".415"
  %".417" = call <8 x float> @"llvm.copysign.v8f32"(<8 x float> %".416", <8 x float> %".394")
  %".418" = inttoptr i64 %".264" to ptr
  %".419" = getelementptr float, ptr %".418", i64 %".340"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".417", ptr %".419", i32 4, <8 x i1> %".387")
  %".421" = inttoptr i64 %".279" to ptr
  %".422" = getelementptr float, ptr %".421", i64 %".340"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".417", ptr %".422", i32 4, <8 x i1> %".387")
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
