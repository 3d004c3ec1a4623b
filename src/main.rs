//! The program: parse arguments, call a command, map the error to an exit code.

fn main() -> std::process::ExitCode {
    frist::cli::main()
}
