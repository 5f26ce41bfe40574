; ModuleID = "recurra"
target triple = "x86_64-unknown-linux-gnu"
target datalayout = ""

define void @"before_0"(i64 %".1", i64 %".2", i64 %".3")
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
  %".35" = inttoptr i64 %".1" to ptr
  %".36" = getelementptr i64, ptr %".35", i64 15
  %".37" = load i64, ptr %".36"
  %".39" = inttoptr i64 %".1" to ptr
  %".40" = getelementptr i64, ptr %".39", i64 16
  %".41" = load i64, ptr %".40"
  %".42" = inttoptr i64 %".1" to ptr
  %".43" = getelementptr i64, ptr %".42", i64 17
  %".44" = load i64, ptr %".43"
  %".48" = inttoptr i64 %".1" to ptr
  %".49" = getelementptr i64, ptr %".48", i64 12
  %".50" = load i64, ptr %".49"
  %".52" = inttoptr i64 %".1" to ptr
  %".53" = getelementptr i64, ptr %".52", i64 18
  %".54" = load i64, ptr %".53"
  %".55" = inttoptr i64 %".1" to ptr
  %".56" = getelementptr i64, ptr %".55", i64 19
  %".57" = load i64, ptr %".56"
  %".63" = inttoptr i64 %".1" to ptr
  %".64" = getelementptr i64, ptr %".63", i64 14
  %".65" = load i64, ptr %".64"
  br label %"start"
start:
  %".15" = inttoptr i64 %".14" to ptr
  %".16" = getelementptr i64, ptr %".15", i64 %".2"
  %".17" = load i64, ptr %".16"
  %".18" = add i64 %".2", 1
  %".19" = inttoptr i64 %".14" to ptr
  %".20" = getelementptr i64, ptr %".19", i64 %".18"
  %".21" = load i64, ptr %".20"
  %".22" = sub i64 %".21", %".17"
  %".23" = add i64 %".22", 119
  %".24" = sdiv i64 %".23", 120
  %".25" = mul i64 %".24", 120
  %".26" = add i64 %".17", %".25"
  br label %"head"
head:
  %".28" = phi  i64 [%".17", %"start"], [%".29", %"after.12"]
  %".29" = add i64 %".28", 120
  %".30" = icmp sle i64 %".29", %".26"
  br i1 %".30", label %"body", label %"after"
body:
  %".32" = add i64 %".28", 120
  %".33" = icmp slt i64 %".32", %".21"
  %".34" = select  i1 %".33", i64 %".32", i64 %".21"
  %".38" = add i64 0, %".28"
  %".45" = mul i64 %".44", 4
  %".46" = mul i64 %".38", %".45"
  %".47" = add i64 %".41", %".46"
  %".51" = add i64 0, %".28"
  %".58" = mul i64 %".57", 4
  %".59" = mul i64 %".51", %".58"
  %".60" = add i64 %".54", %".59"
  %".61" = mul i64 %".57", 4
  %".62" = sub i64 %".34", %".28"
  %".66" = add i64 1, %".50"
  %".67" = mul i64 %".66", 64
  %".68" = icmp slt i64 %".62", 4
  br i1 %".68", label %"body.if", label %"body.else"
after:
  store i32 %".8", i32* %".6"
  call void @"llvm.x86.sse.ldmxcsr"(i32* %".6")
  ret void
body.if:
  br label %"head.1"
body.else:
  br label %"head.7"
body.endif:
  br label %"head.12"
head.1:
  %".71" = phi  i64 [0, %"body.if"], [%".72", %"after.3"]
  %".72" = add i64 %".71", 2
  %".73" = icmp sle i64 %".72", %".37"
  br i1 %".73", label %"body.1", label %"after.1"
body.1:
  %".75" = mul i64 %".71", %".67"
  %".76" = add i64 %".65", %".75"
  %".77" = mul i64 %".71", 64
  %".78" = add i64 %".60", %".77"
  %".79" = srem i64 %".62", 2
  %".80" = icmp eq i64 %".79", 0
  %".81" = icmp sgt i64 %".62", 2
  %".82" = and i1 %".80", %".81"
  br label %"head.2"
after.1:
  br label %"head.4"
head.2:
  %".84" = phi  i64 [0, %"body.1"], [%".85", %"body.2"]
  %".85" = add i64 %".84", 2
  %".86" = icmp sle i64 %".85", %".62"
  br i1 %".86", label %"body.2", label %"after.2"
body.2:
  %".88" = mul i64 %".44", 4
  %".89" = mul i64 %".84", %".88"
  %".90" = add i64 %".47", %".89"
  %".91" = mul i64 %".44", 4
  %".92" = mul i64 %".84", %".61"
  %".93" = add i64 %".78", %".92"
  call void @"tile_2x2_1"(i64 %".90", i64 %".91", i64 %".50", i64 %".76", i64 %".67", i64 %".93", i64 %".61")
  br label %"head.2"
after.2:
  br label %"head.3"
head.3:
  %".97" = phi  i64 [%".84", %"after.2"], [%".98", %"body.3"]
  %".98" = add i64 %".97", 1
  %".99" = icmp sle i64 %".98", %".62"
  br i1 %".99", label %"body.3", label %"after.3"
body.3:
  %".101" = mul i64 %".44", 4
  %".102" = mul i64 %".97", %".101"
  %".103" = add i64 %".47", %".102"
  %".104" = mul i64 %".44", 4
  %".105" = mul i64 %".97", %".61"
  %".106" = add i64 %".78", %".105"
  call void @"tile_1x2_1"(i64 %".103", i64 %".104", i64 %".50", i64 %".76", i64 %".67", i64 %".106", i64 %".61")
  br label %"head.3"
after.3:
  br label %"head.1"
head.4:
  %".111" = phi  i64 [%".71", %"after.1"], [%".112", %"after.6"]
  %".112" = add i64 %".111", 1
  %".113" = icmp sle i64 %".112", %".37"
  br i1 %".113", label %"body.4", label %"after.4"
body.4:
  %".115" = mul i64 %".111", %".67"
  %".116" = add i64 %".65", %".115"
  %".117" = mul i64 %".111", 64
  %".118" = add i64 %".60", %".117"
  %".119" = srem i64 %".62", 2
  %".120" = icmp eq i64 %".119", 0
  %".121" = icmp sgt i64 %".62", 2
  %".122" = and i1 %".120", %".121"
  br label %"head.5"
after.4:
  br label %"body.endif"
head.5:
  %".124" = phi  i64 [0, %"body.4"], [%".125", %"body.5"]
  %".125" = add i64 %".124", 2
  %".126" = icmp sle i64 %".125", %".62"
  br i1 %".126", label %"body.5", label %"after.5"
body.5:
  %".128" = mul i64 %".44", 4
  %".129" = mul i64 %".124", %".128"
  %".130" = add i64 %".47", %".129"
  %".131" = mul i64 %".44", 4
  %".132" = mul i64 %".124", %".61"
  %".133" = add i64 %".118", %".132"
  call void @"tile_2x1_1"(i64 %".130", i64 %".131", i64 %".50", i64 %".116", i64 %".67", i64 %".133", i64 %".61")
  br label %"head.5"
after.5:
  br label %"head.6"
head.6:
  %".137" = phi  i64 [%".124", %"after.5"], [%".138", %"body.6"]
  %".138" = add i64 %".137", 1
  %".139" = icmp sle i64 %".138", %".62"
  br i1 %".139", label %"body.6", label %"after.6"
body.6:
  %".141" = mul i64 %".44", 4
  %".142" = mul i64 %".137", %".141"
  %".143" = add i64 %".47", %".142"
  %".144" = mul i64 %".44", 4
  %".145" = mul i64 %".137", %".61"
  %".146" = add i64 %".118", %".145"
  call void @"tile_1x1_1"(i64 %".143", i64 %".144", i64 %".50", i64 %".116", i64 %".67", i64 %".146", i64 %".61")
  br label %"head.6"
after.6:
  br label %"head.4"
head.7:
  %".152" = phi  i64 [0, %"body.else"], [%".153", %"after.11"]
  %".153" = add i64 %".152", 1
  %".154" = icmp sle i64 %".153", %".37"
  br i1 %".154", label %"body.7", label %"after.7"
body.7:
  %".156" = mul i64 %".152", %".67"
  %".157" = add i64 %".65", %".156"
  %".158" = mul i64 %".152", 64
  %".159" = add i64 %".60", %".158"
  %".160" = srem i64 %".62", 6
  %".161" = icmp eq i64 %".160", 2
  %".162" = icmp sgt i64 %".62", 6
  %".163" = and i1 %".161", %".162"
  %".164" = sub i64 %".62", 8
  %".165" = select  i1 %".163", i64 %".164", i64 %".62"
  br label %"head.8"
after.7:
  br label %"body.endif"
head.8:
  %".167" = phi  i64 [0, %"body.7"], [%".168", %"body.8"]
  %".168" = add i64 %".167", 6
  %".169" = icmp sle i64 %".168", %".165"
  br i1 %".169", label %"body.8", label %"after.8"
body.8:
  %".171" = mul i64 %".44", 4
  %".172" = mul i64 %".167", %".171"
  %".173" = add i64 %".47", %".172"
  %".174" = mul i64 %".44", 4
  %".175" = mul i64 %".167", %".61"
  %".176" = add i64 %".159", %".175"
  call void @"tile_6x1_1"(i64 %".173", i64 %".174", i64 %".50", i64 %".157", i64 %".67", i64 %".176", i64 %".61")
  br label %"head.8"
after.8:
  br label %"head.9"
head.9:
  %".180" = phi  i64 [%".167", %"after.8"], [%".181", %"body.9"]
  %".181" = add i64 %".180", 4
  %".182" = icmp sle i64 %".181", %".62"
  br i1 %".182", label %"body.9", label %"after.9"
body.9:
  %".184" = mul i64 %".44", 4
  %".185" = mul i64 %".180", %".184"
  %".186" = add i64 %".47", %".185"
  %".187" = mul i64 %".44", 4
  %".188" = mul i64 %".180", %".61"
  %".189" = add i64 %".159", %".188"
  call void @"tile_4x1_1"(i64 %".186", i64 %".187", i64 %".50", i64 %".157", i64 %".67", i64 %".189", i64 %".61")
  br label %"head.9"
after.9:
  br label %"head.10"
head.10:
  %".193" = phi  i64 [%".180", %"after.9"], [%".194", %"body.10"]
  %".194" = add i64 %".193", 2
  %".195" = icmp sle i64 %".194", %".62"
  br i1 %".195", label %"body.10", label %"after.10"
body.10:
  %".197" = mul i64 %".44", 4
  %".198" = mul i64 %".193", %".197"
  %".199" = add i64 %".47", %".198"
  %".200" = mul i64 %".44", 4
  %".201" = mul i64 %".193", %".61"
  %".202" = add i64 %".159", %".201"
  call void @"tile_2x1_1"(i64 %".199", i64 %".200", i64 %".50", i64 %".157", i64 %".67", i64 %".202", i64 %".61")
  br label %"head.10"
after.10:
  br label %"head.11"
head.11:
  %".206" = phi  i64 [%".193", %"after.10"], [%".207", %"body.11"]
  %".207" = add i64 %".206", 1
  %".208" = icmp sle i64 %".207", %".62"
  br i1 %".208", label %"body.11", label %"after.11"
body.11:
  %".210" = mul i64 %".44", 4
  %".211" = mul i64 %".206", %".210"
  %".212" = add i64 %".47", %".211"
  %".213" = mul i64 %".44", 4
  %".214" = mul i64 %".206", %".61"
  %".215" = add i64 %".159", %".214"
  call void @"tile_1x1_1"(i64 %".212", i64 %".213", i64 %".50", i64 %".157", i64 %".67", i64 %".215", i64 %".61")
  br label %"head.11"
after.11:
  br label %"head.7"
head.12:
  %".221" = phi  i64 [%".28", %"body.endif"], [%".222", %"body.12"]
  %".222" = add i64 %".221", 1
  %".223" = icmp sle i64 %".222", %".34"
  br i1 %".223", label %"body.12", label %"after.12"
body.12:
  br label %"head.12"
after.12:
  br label %"head"
}

declare void @"llvm.x86.sse.stmxcsr"(ptr %".1")

declare void @"llvm.x86.sse.ldmxcsr"(ptr %".1")

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
  %".63" = getelementptr i64, ptr %".62", i64 15
  %".64" = load i64, ptr %".63"
  %".66" = inttoptr i64 %".1" to ptr
  %".67" = getelementptr i64, ptr %".66", i64 16
  %".68" = load i64, ptr %".67"
  %".69" = inttoptr i64 %".1" to ptr
  %".70" = getelementptr i64, ptr %".69", i64 17
  %".71" = load i64, ptr %".70"
  %".75" = inttoptr i64 %".1" to ptr
  %".76" = getelementptr i64, ptr %".75", i64 13
  %".77" = load i64, ptr %".76"
  %".79" = inttoptr i64 %".1" to ptr
  %".80" = getelementptr i64, ptr %".79", i64 18
  %".81" = load i64, ptr %".80"
  %".82" = inttoptr i64 %".1" to ptr
  %".83" = getelementptr i64, ptr %".82", i64 5
  %".84" = load i64, ptr %".83"
  %".85" = inttoptr i64 %".1" to ptr
  %".86" = getelementptr i64, ptr %".85", i64 6
  %".87" = load i64, ptr %".86"
  %".91" = inttoptr i64 %".1" to ptr
  %".92" = getelementptr i64, ptr %".91", i64 19
  %".93" = load i64, ptr %".92"
  %".99" = inttoptr i64 %".1" to ptr
  %".100" = getelementptr i64, ptr %".99", i64 14
  %".101" = load i64, ptr %".100"
  %".262" = inttoptr i64 %".1" to ptr
  %".263" = getelementptr i64, ptr %".262", i64 20
  %".264" = load i64, ptr %".263"
  %".265" = inttoptr i64 %".1" to ptr
  %".266" = getelementptr i64, ptr %".265", i64 21
  %".267" = load i64, ptr %".266"
  %".275" = inttoptr i64 %".1" to ptr
  %".276" = getelementptr i64, ptr %".275", i64 22
  %".277" = load i64, ptr %".276"
  %".278" = inttoptr i64 %".1" to ptr
  %".279" = getelementptr i64, ptr %".278", i64 23
  %".280" = load i64, ptr %".279"
  %".292" = inttoptr i64 %".1" to ptr
  %".293" = getelementptr i64, ptr %".292", i64 24
  %".294" = load i64, ptr %".293"
  %".295" = inttoptr i64 %".1" to ptr
  %".296" = getelementptr i64, ptr %".295", i64 25
  %".297" = load i64, ptr %".296"
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
  %".65" = add i64 %".45", %".17"
  %".72" = mul i64 %".71", 4
  %".73" = mul i64 %".65", %".72"
  %".74" = add i64 %".68", %".73"
  %".78" = sub i64 %".17", %".17"
  %".88" = mul i64 %".2", %".87"
  %".89" = add i64 %".84", %".88"
  %".90" = add i64 %".81", %".89"
  %".94" = mul i64 %".93", 4
  %".95" = mul i64 %".78", %".94"
  %".96" = add i64 %".90", %".95"
  %".97" = mul i64 %".93", 4
  %".98" = sub i64 %".47", %".17"
  %".102" = add i64 1, %".77"
  %".103" = mul i64 %".102", 64
  %".104" = icmp slt i64 %".98", 4
  br i1 %".104", label %"body.if.if", label %"body.if.else"
body.endif:
  br label %"head"
body.if.if:
  br label %"head.1"
body.if.else:
  br label %"head.7"
body.if.endif:
  br label %"head.12"
head.1:
  %".107" = phi  i64 [0, %"body.if.if"], [%".108", %"after.3"]
  %".108" = add i64 %".107", 2
  %".109" = icmp sle i64 %".108", %".64"
  br i1 %".109", label %"body.1", label %"after.1"
body.1:
  %".111" = mul i64 %".107", %".103"
  %".112" = add i64 %".101", %".111"
  %".113" = mul i64 %".107", 64
  %".114" = add i64 %".96", %".113"
  %".115" = srem i64 %".98", 2
  %".116" = icmp eq i64 %".115", 0
  %".117" = icmp sgt i64 %".98", 2
  %".118" = and i1 %".116", %".117"
  br label %"head.2"
after.1:
  br label %"head.4"
head.2:
  %".120" = phi  i64 [0, %"body.1"], [%".121", %"body.2"]
  %".121" = add i64 %".120", 2
  %".122" = icmp sle i64 %".121", %".98"
  br i1 %".122", label %"body.2", label %"after.2"
body.2:
  %".124" = mul i64 %".71", 4
  %".125" = mul i64 %".120", %".124"
  %".126" = add i64 %".74", %".125"
  %".127" = mul i64 %".71", 4
  %".128" = mul i64 %".120", %".97"
  %".129" = add i64 %".114", %".128"
  call void @"tile_2x2_1"(i64 %".126", i64 %".127", i64 %".77", i64 %".112", i64 %".103", i64 %".129", i64 %".97")
  br label %"head.2"
after.2:
  br label %"head.3"
head.3:
  %".133" = phi  i64 [%".120", %"after.2"], [%".134", %"body.3"]
  %".134" = add i64 %".133", 1
  %".135" = icmp sle i64 %".134", %".98"
  br i1 %".135", label %"body.3", label %"after.3"
body.3:
  %".137" = mul i64 %".71", 4
  %".138" = mul i64 %".133", %".137"
  %".139" = add i64 %".74", %".138"
  %".140" = mul i64 %".71", 4
  %".141" = mul i64 %".133", %".97"
  %".142" = add i64 %".114", %".141"
  call void @"tile_1x2_1"(i64 %".139", i64 %".140", i64 %".77", i64 %".112", i64 %".103", i64 %".142", i64 %".97")
  br label %"head.3"
after.3:
  br label %"head.1"
head.4:
  %".147" = phi  i64 [%".107", %"after.1"], [%".148", %"after.6"]
  %".148" = add i64 %".147", 1
  %".149" = icmp sle i64 %".148", %".64"
  br i1 %".149", label %"body.4", label %"after.4"
body.4:
  %".151" = mul i64 %".147", %".103"
  %".152" = add i64 %".101", %".151"
  %".153" = mul i64 %".147", 64
  %".154" = add i64 %".96", %".153"
  %".155" = srem i64 %".98", 2
  %".156" = icmp eq i64 %".155", 0
  %".157" = icmp sgt i64 %".98", 2
  %".158" = and i1 %".156", %".157"
  br label %"head.5"
after.4:
  br label %"body.if.endif"
head.5:
  %".160" = phi  i64 [0, %"body.4"], [%".161", %"body.5"]
  %".161" = add i64 %".160", 2
  %".162" = icmp sle i64 %".161", %".98"
  br i1 %".162", label %"body.5", label %"after.5"
body.5:
  %".164" = mul i64 %".71", 4
  %".165" = mul i64 %".160", %".164"
  %".166" = add i64 %".74", %".165"
  %".167" = mul i64 %".71", 4
  %".168" = mul i64 %".160", %".97"
  %".169" = add i64 %".154", %".168"
  call void @"tile_2x1_1"(i64 %".166", i64 %".167", i64 %".77", i64 %".152", i64 %".103", i64 %".169", i64 %".97")
  br label %"head.5"
after.5:
  br label %"head.6"
head.6:
  %".173" = phi  i64 [%".160", %"after.5"], [%".174", %"body.6"]
  %".174" = add i64 %".173", 1
  %".175" = icmp sle i64 %".174", %".98"
  br i1 %".175", label %"body.6", label %"after.6"
body.6:
  %".177" = mul i64 %".71", 4
  %".178" = mul i64 %".173", %".177"
  %".179" = add i64 %".74", %".178"
  %".180" = mul i64 %".71", 4
  %".181" = mul i64 %".173", %".97"
  %".182" = add i64 %".154", %".181"
  call void @"tile_1x1_1"(i64 %".179", i64 %".180", i64 %".77", i64 %".152", i64 %".103", i64 %".182", i64 %".97")
  br label %"head.6"
after.6:
  br label %"head.4"
head.7:
  %".188" = phi  i64 [0, %"body.if.else"], [%".189", %"after.11"]
  %".189" = add i64 %".188", 1
  %".190" = icmp sle i64 %".189", %".64"
  br i1 %".190", label %"body.7", label %"after.7"
body.7:
  %".192" = mul i64 %".188", %".103"
  %".193" = add i64 %".101", %".192"
  %".194" = mul i64 %".188", 64
  %".195" = add i64 %".96", %".194"
  %".196" = srem i64 %".98", 6
  %".197" = icmp eq i64 %".196", 2
  %".198" = icmp sgt i64 %".98", 6
  %".199" = and i1 %".197", %".198"
  %".200" = sub i64 %".98", 8
  %".201" = select  i1 %".199", i64 %".200", i64 %".98"
  br label %"head.8"
after.7:
  br label %"body.if.endif"
head.8:
  %".203" = phi  i64 [0, %"body.7"], [%".204", %"body.8"]
  %".204" = add i64 %".203", 6
  %".205" = icmp sle i64 %".204", %".201"
  br i1 %".205", label %"body.8", label %"after.8"
body.8:
  %".207" = mul i64 %".71", 4
  %".208" = mul i64 %".203", %".207"
  %".209" = add i64 %".74", %".208"
  %".210" = mul i64 %".71", 4
  %".211" = mul i64 %".203", %".97"
  %".212" = add i64 %".195", %".211"
  call void @"tile_6x1_1"(i64 %".209", i64 %".210", i64 %".77", i64 %".193", i64 %".103", i64 %".212", i64 %".97")
  br label %"head.8"
after.8:
  br label %"head.9"
head.9:
  %".216" = phi  i64 [%".203", %"after.8"], [%".217", %"body.9"]
  %".217" = add i64 %".216", 4
  %".218" = icmp sle i64 %".217", %".98"
  br i1 %".218", label %"body.9", label %"after.9"
body.9:
  %".220" = mul i64 %".71", 4
  %".221" = mul i64 %".216", %".220"
  %".222" = add i64 %".74", %".221"
  %".223" = mul i64 %".71", 4
  %".224" = mul i64 %".216", %".97"
  %".225" = add i64 %".195", %".224"
  call void @"tile_4x1_1"(i64 %".222", i64 %".223", i64 %".77", i64 %".193", i64 %".103", i64 %".225", i64 %".97")
  br label %"head.9"
after.9:
  br label %"head.10"
head.10:
  %".229" = phi  i64 [%".216", %"after.9"], [%".230", %"body.10"]
  %".230" = add i64 %".229", 2
  %".231" = icmp sle i64 %".230", %".98"
  br i1 %".231", label %"body.10", label %"after.10"
body.10:
  %".233" = mul i64 %".71", 4
  %".234" = mul i64 %".229", %".233"
  %".235" = add i64 %".74", %".234"
  %".236" = mul i64 %".71", 4
  %".237" = mul i64 %".229", %".97"
  %".238" = add i64 %".195", %".237"
  call void @"tile_2x1_1"(i64 %".235", i64 %".236", i64 %".77", i64 %".193", i64 %".103", i64 %".238", i64 %".97")
  br label %"head.10"
after.10:
  br label %"head.11"
head.11:
  %".242" = phi  i64 [%".229", %"after.10"], [%".243", %"body.11"]
  %".243" = add i64 %".242", 1
  %".244" = icmp sle i64 %".243", %".98"
  br i1 %".244", label %"body.11", label %"after.11"
body.11:
  %".246" = mul i64 %".71", 4
  %".247" = mul i64 %".242", %".246"
  %".248" = add i64 %".74", %".247"
  %".249" = mul i64 %".71", 4
  %".250" = mul i64 %".242", %".97"
  %".251" = add i64 %".195", %".250"
  call void @"tile_1x1_1"(i64 %".248", i64 %".249", i64 %".77", i64 %".193", i64 %".103", i64 %".251", i64 %".97")
  br label %"head.11"
after.11:
  br label %"head.7"
head.12:
  %".257" = phi  i64 [%".17", %"body.if.endif"], [%".258", %"after.14.endif"]
  %".258" = add i64 %".257", 1
  %".259" = icmp sle i64 %".258", %".47"
  br i1 %".259", label %"body.12", label %"after.12"
body.12:
  %".261" = add i64 %".45", %".257"
  %".268" = mul i64 %".267", 4
  %".269" = mul i64 %".261", %".268"
  %".270" = add i64 %".264", %".269"
  %".271" = add i64 %".55", %".257"
  %".272" = mul i64 %".71", 4
  %".273" = mul i64 %".271", %".272"
  %".274" = add i64 %".68", %".273"
  %".281" = mul i64 %".280", 4
  %".282" = mul i64 %".257", %".281"
  %".283" = add i64 %".277", %".282"
  %".284" = icmp slt i64 %".257", %".59"
  %".285" = select  i1 %".284", i64 %".274", i64 %".283"
  %".291" = add i64 %".45", %".257"
  %".298" = mul i64 %".297", 4
  %".299" = mul i64 %".291", %".298"
  %".300" = add i64 %".294", %".299"
  %".304" = sub i64 %".257", %".17"
  %".305" = mul i64 %".2", %".87"
  %".306" = add i64 %".84", %".305"
  %".307" = add i64 %".81", %".306"
  %".308" = mul i64 %".93", 4
  %".309" = mul i64 %".304", %".308"
  %".310" = add i64 %".307", %".309"
  br label %"head.13"
after.12:
  br label %"body.endif"
head.13:
  %".287" = phi  i64 [0, %"body.12"], [%".288", %"body.13"]
  %".288" = add i64 %".287", 16
  %".289" = icmp sle i64 %".288", %".77"
  br i1 %".289", label %"body.13", label %"after.13"
body.13:
  %".301" = inttoptr i64 %".300" to ptr
  %".302" = getelementptr float, ptr %".301", i64 %".287"
  %".303" = load <16 x float>, ptr %".302", align 4
  %".311" = inttoptr i64 %".310" to ptr
  %".312" = getelementptr float, ptr %".311", i64 %".287"
  %".313" = load <16 x float>, ptr %".312", align 4
  %".314" = fadd <16 x float> %".303", %".313"
  %".315" = call <16 x float> @"llvm.fabs.v16f32"(<16 x float> %".314")
  %".316" = fcmp ogt <16 x float> %".315", <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>
  %".317" = select  <16 x i1> %".316", <16 x float> <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>, <16 x float> %".315"
  %".318" = fadd <16 x float> %".317", %".317"
  %".319" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".318", <16 x float> <float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000>, <16 x float> <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>)
  %".320" = fsub <16 x float> %".319", <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>
  %".321" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".320", <16 x float> <float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000>, <16 x float> %".318")
  %".322" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".320", <16 x float> <float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000>, <16 x float> %".321")
  %".323" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> <float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000>, <16 x float> %".322", <16 x float> <float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000>)
  %".324" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".323", <16 x float> %".322", <16 x float> <float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000>)
  %".325" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".324", <16 x float> %".322", <16 x float> <float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000>)
  %".326" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".325", <16 x float> %".322", <16 x float> <float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000>)
  %".327" = bitcast <16 x float> %".319" to <16 x i32>
  %".328" = fmul <16 x float> %".322", %".322"
  %".329" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".328", <16 x float> %".326", <16 x float> %".322")
  %".330" = shl <16 x i32> %".327", <i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23>
  %".331" = add <16 x i32> %".330", <i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216>
  %".332" = bitcast <16 x i32> %".331" to <16 x float>
  %".333" = fsub <16 x float> %".332", <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>
  %".334" = call <16 x float> @"llvm.fma.v16f32"(<16 x float> %".332", <16 x float> %".329", <16 x float> %".333")
  %".335" = fadd <16 x float> %".334", <float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000>
  %".336" = fdiv <16 x float> %".334", %".335"
  %".337" = call <16 x float> @"llvm.copysign.v16f32"(<16 x float> %".336", <16 x float> %".314")
  %".338" = inttoptr i64 %".270" to ptr
  %".339" = getelementptr float, ptr %".338", i64 %".287"
  store <16 x float> %".337", ptr %".339", align 4
  %".341" = inttoptr i64 %".285" to ptr
  %".342" = getelementptr float, ptr %".341", i64 %".287"
  store <16 x float> %".337", ptr %".342", align 4
  br label %"head.13"
after.13:
  br label %"head.14"
head.14:
  %".346" = phi  i64 [%".287", %"after.13"], [%".347", %"body.14"]
  %".347" = add i64 %".346", 8
  %".348" = icmp sle i64 %".347", %".77"
  br i1 %".348", label %"body.14", label %"after.14"
body.14:
  %".350" = inttoptr i64 %".300" to ptr
  %".351" = getelementptr float, ptr %".350", i64 %".346"
  %".352" = load <8 x float>, ptr %".351", align 4
  %".353" = inttoptr i64 %".310" to ptr
  %".354" = getelementptr float, ptr %".353", i64 %".346"
  %".355" = load <8 x float>, ptr %".354", align 4
  %".356" = fadd <8 x float> %".352", %".355"
  %".357" = call <8 x float> @"llvm.fabs.v8f32"(<8 x float> %".356")
  %".358" = fcmp ogt <8 x float> %".357", <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>
  %".359" = select  <8 x i1> %".358", <8 x float> <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>, <8 x float> %".357"
  %".360" = fadd <8 x float> %".359", %".359"
  %".361" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".360", <8 x float> <float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000>, <8 x float> <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>)
  %".362" = fsub <8 x float> %".361", <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>
  %".363" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".362", <8 x float> <float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000>, <8 x float> %".360")
  %".364" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".362", <8 x float> <float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000>, <8 x float> %".363")
  %".365" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> <float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000>, <8 x float> %".364", <8 x float> <float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000>)
  %".366" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".365", <8 x float> %".364", <8 x float> <float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000>)
  %".367" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".366", <8 x float> %".364", <8 x float> <float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000>)
  %".368" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".367", <8 x float> %".364", <8 x float> <float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000>)
  %".369" = bitcast <8 x float> %".361" to <8 x i32>
  %".370" = fmul <8 x float> %".364", %".364"
  %".371" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".370", <8 x float> %".368", <8 x float> %".364")
  %".372" = shl <8 x i32> %".369", <i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23>
  %".373" = add <8 x i32> %".372", <i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216>
  %".374" = bitcast <8 x i32> %".373" to <8 x float>
  %".375" = fsub <8 x float> %".374", <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>
  %".376" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".374", <8 x float> %".371", <8 x float> %".375")
  %".377" = fadd <8 x float> %".376", <float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000>
  %".378" = fdiv <8 x float> %".376", %".377"
  %".379" = call <8 x float> @"llvm.copysign.v8f32"(<8 x float> %".378", <8 x float> %".356")
  %".380" = inttoptr i64 %".270" to ptr
  %".381" = getelementptr float, ptr %".380", i64 %".346"
  store <8 x float> %".379", ptr %".381", align 4
  %".383" = inttoptr i64 %".285" to ptr
  %".384" = getelementptr float, ptr %".383", i64 %".346"
  store <8 x float> %".379", ptr %".384", align 4
  br label %"head.14"
after.14:
  %".387" = sub i64 %".77", %".346"
  %".388" = icmp sgt i64 %".387", 0
  br i1 %".388", label %"after.14.if", label %"after.14.endif"
after.14.if:
  %".390" = trunc i64 %".387" to i32
  %".391" = insertelement <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, i32 %".390", i32 0
  %".392" = shufflevector <8 x i32> %".391", <8 x i32> <i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef, i32 undef>, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0>
  %".393" = icmp slt <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %".392"
  %".394" = inttoptr i64 %".300" to ptr
  %".395" = getelementptr float, ptr %".394", i64 %".346"
  %".396" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".395", i32 4, <8 x i1> %".393", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".397" = inttoptr i64 %".310" to ptr
  %".398" = getelementptr float, ptr %".397", i64 %".346"
  %".399" = call <8 x float> @"llvm.masked.load.v8f32.p0"(ptr %".398", i32 4, <8 x i1> %".393", <8 x float> <float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0, float              0x0>)
  %".400" = fadd <8 x float> %".396", %".399"
  %".401" = call <8 x float> @"llvm.fabs.v8f32"(<8 x float> %".400")
  %".402" = fcmp ogt <8 x float> %".401", <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>
  %".403" = select  <8 x i1> %".402", <8 x float> <float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000, float 0x4024000000000000>, <8 x float> %".401"
  %".404" = fadd <8 x float> %".403", %".403"
  %".405" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".404", <8 x float> <float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000, float 0x3ff7154760000000>, <8 x float> <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>)
  %".406" = fsub <8 x float> %".405", <float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000, float 0x4168000000000000>
  %".407" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".406", <8 x float> <float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000, float 0xbfe6300000000000>, <8 x float> %".404")
  %".408" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".406", <8 x float> <float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000, float 0x3f2bd01060000000>, <8 x float> %".407")
  %".409" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> <float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000, float 0x3f56d10fc0000000>, <8 x float> %".408", <8 x float> <float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000, float 0x3f8120b620000000>)
  %".410" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".409", <8 x float> %".408", <8 x float> <float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000, float 0x3fa55551a0000000>)
  %".411" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".410", <8 x float> %".408", <8 x float> <float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000, float 0x3fc5554de0000000>)
  %".412" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".411", <8 x float> %".408", <8 x float> <float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000, float 0x3fe0000000000000>)
  %".413" = bitcast <8 x float> %".405" to <8 x i32>
  %".414" = fmul <8 x float> %".408", %".408"
  %".415" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".414", <8 x float> %".412", <8 x float> %".408")
  %".416" = shl <8 x i32> %".413", <i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23, i32 23>
  %".417" = add <8 x i32> %".416", <i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216, i32 1065353216>
  %".418" = bitcast <8 x i32> %".417" to <8 x float>
  %".419" = fsub <8 x float> %".418", <float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000, float 0x3ff0000000000000>
  %".420" = call <8 x float> @"llvm.fma.v8f32"(<8 x float> %".418", <8 x float> %".415", <8 x float> %".419")
  %".421" = fadd <8 x float> %".420", <float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000, float 0x4000000000000000>
  %".422" = fdiv <8 x float> %".420", %".421"
  %".423" = call <8 x float> @"llvm.copysign.v8f32"(<8 x float> %".422", <8 x float> %".400")
  %".424" = inttoptr i64 %".270" to ptr
  %".425" = getelementptr float, ptr %".424", i64 %".346"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".423", ptr %".425", i32 4, <8 x i1> %".393")
  %".427" = inttoptr i64 %".285" to ptr
  %".428" = getelementptr float, ptr %".427", i64 %".346"
  call void @"llvm.masked.store.v8f32.p0"(<8 x float> %".423", ptr %".428", i32 4, <8 x i1> %".393")
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
