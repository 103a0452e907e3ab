//! `cargo bench -p bench`: the program is the library, which the compiler must not see as a test.

fn main() -> anyhow::Result<()> {
    bench::run(env!("CARGO_TARGET_TMPDIR").as_ref())
}
