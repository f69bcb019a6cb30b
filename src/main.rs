//! The program: parses its arguments and runs.

use std::process::ExitCode;

fn main() -> ExitCode {
    onrecord::cli::main()
}
