/* What a program begins with under qemu-riscv32: main, and its result as the reason to leave. */
int main(void);

__attribute__((naked, used)) void start(void) {
  __asm__ volatile(
    ".option push\n.option norelax\nla gp, __global_pointer$\n.option pop\n"
    "call main\nli a7, 93\necall");
}
