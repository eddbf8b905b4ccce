//! The `invar` binary.

fn main() -> std::process::ExitCode {
    invar_cli::main()
}
