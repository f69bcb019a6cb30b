//! `onrecord.toml`: what is always the same. What it gives takes the place of the defaults of the options, so whatever is
//! given on the command line wins.

use crate::error::{Error, Result};
use clap::{Arg, ArgAction, Command, builder::ValueParser};
use std::{
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};
use toml::de::{DeTable, DeValue};

/// The file that is looked for in the current folder.
const NAME: &str = "onrecord.toml";
/// Names another file.
const VARIABLE: &str = "ONRECORD_CONFIG";
/// Options for one run alone.
const ONCE: &[&str] = &["config", "no-config", "force", "help", "resume", "shard", "version"];

/// Where to look for the file. Read by hand, before clap knows the defaults.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Take defaults of options from this file [default: onrecord.toml in the current folder, or what the environment variable
    /// ONRECORD_CONFIG names].
    #[arg(long, value_name = "FILE", global = true, conflicts_with = "no_config", help_heading = "Defaults")]
    config: Option<PathBuf>,
    /// Do not look for a file with defaults.
    #[arg(long, global = true, help_heading = "Defaults")]
    no_config: bool,
}

/// Gives `command` the defaults of the file that `args` or the environment names, or that is there; returns its path too.
///
/// # Errors
/// A file that was named and cannot be read; one that is no TOML, or that gives options that there are not.
pub(super) fn apply(command: Command, args: &[OsString]) -> Result<(Command, Option<PathBuf>)> {
    let Some((path, text)) = find(args)? else { return Ok((command, None)) };
    let line = |at: usize| 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count() as u64;
    let table = DeTable::parse(&text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        Error::usage(error.message().trim().replace('\n', "; ")).at_path(&path).at_line(line(at))
    })?;
    let file = File { path: &path, line: &line };
    let known = file.section(&command, table.get_ref(), &[])?;
    Ok((file.with(command, &known), Some(path)))
}

/// The file and its content, if there is one.
fn find(args: &[OsString]) -> Result<Option<(PathBuf, String)>> {
    let mut named = env::var_os(VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
    let mut rest = args.iter().skip(1).take_while(|arg| *arg != "--");
    while let Some(arg) = rest.next() {
        if arg == "--no-config" {
            return Ok(None);
        } else if arg == "--config" {
            named = rest.next().map(PathBuf::from);
        } else if let Some(path) = arg.to_str().and_then(|arg| arg.strip_prefix("--config=")) {
            named = Some(path.into());
        }
    }
    let path = named.clone().unwrap_or_else(|| NAME.into());
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some((path, text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => Ok(None),
        Err(error) => Err(Error::io(path, error)),
    }
}

/// The default of one option of the command that `path` leads to.
struct Given {
    path: Vec<String>,
    /// Whether it is for every command that has the option.
    general: bool,
    option: String,
    values: Vec<String>,
}

struct File<'f> {
    path: &'f Path,
    line: &'f dyn Fn(usize) -> u64,
}

impl File<'_> {
    /// The defaults that a table gives for `command`, and in its tables for commands below it. Options outside a table are
    /// for every command that has them.
    fn section(&self, command: &Command, table: &DeTable<'_>, path: &[&str]) -> Result<Vec<Given>> {
        let mut all = Vec::new();
        for (key, value) in table {
            let (name, fails) = (&**key.get_ref(), |message: String| {
                Error::usage(message).at_path(self.path).at_line((self.line)(key.span().start))
            });
            let of = if path.is_empty() { "onrecord".to_string() } else { format!("onrecord {}", path.join(" ")) };
            if let DeValue::Table(inner) = value.get_ref() {
                let sub = command.find_subcommand(name).ok_or_else(|| fails(format!("{of} has no command {name}")))?;
                all.extend(self.section(sub, inner, &[path, &[name]].concat())?);
                continue;
            }
            if ONCE.contains(&name) {
                return Err(fails(format!("--{name} is for one run: give it on the command line")));
            }
            let holders = having(command, name, path, path.is_empty());
            if holders.is_empty() {
                return Err(fails(format!("{of} has no option --{name}{}", advice(command, name, path))));
            }
            for (at, arg) in holders {
                let values = self.values(arg, value.get_ref()).map_err(&fails)?;
                all.push(Given { path: at, general: path.is_empty(), option: name.to_string(), values });
            }
        }
        Ok(all)
    }

    /// What `value` gives for `arg`.
    fn values(&self, arg: &Arg, value: &DeValue<'_>) -> std::result::Result<Vec<String>, String> {
        let name = arg.get_long().unwrap_or_default();
        let is_flag = matches!(arg.get_action(), ArgAction::SetTrue);
        let takes_many = matches!(arg.get_action(), ArgAction::Append);
        let values = match value {
            DeValue::Array(values) if takes_many => values.iter().map(|value| value.get_ref()).collect(),
            value => vec![value],
        };
        let text = |value: &DeValue<'_>| match value {
            DeValue::Boolean(value) if is_flag => Ok(value.to_string()),
            _ if is_flag => Err(format!("--{name} is true or false")),
            DeValue::String(text) if is_path(arg.get_value_parser()) => {
                // A file is named from where it is written down.
                Ok(self.path.parent().unwrap_or(Path::new("")).join(&**text).to_string_lossy().into_owned())
            }
            DeValue::String(text) => Ok(text.to_string()),
            DeValue::Integer(number) => Ok(number.as_str().to_string()),
            DeValue::Float(number) => Ok(number.as_str().to_string()),
            DeValue::Datetime(date) => Ok(date.to_string()),
            _ if takes_many => Err(format!("--{name} is a text, a number, or a list of them")),
            _ => Err(format!("--{name} is one text or number")),
        };
        values.into_iter().map(text).collect()
    }

    /// `command` with these defaults.
    fn with(&self, command: Command, defaults: &[Given]) -> Command {
        // What stands in the table of a command wins over what stands outside: it is applied last.
        let mut order: Vec<&Given> = defaults.iter().collect();
        order.sort_by_key(|given| !given.general);
        order.into_iter().fold(command, |command, default| set(command, &default.path, default))
    }
}

/// The commands that have the option `name`, each by its path: `command` itself, which `path` leads to, and, where the option
/// stands outside all tables, those below it.
fn having<'c>(command: &'c Command, name: &str, path: &[&str], general: bool) -> Vec<(Vec<String>, &'c Arg)> {
    let own = command.get_arguments().find(|arg| arg.get_long() == Some(name));
    let mut all: Vec<_> = own.map(|arg| (path.iter().map(ToString::to_string).collect(), arg)).into_iter().collect();
    for sub in command.get_subcommands().filter(|_| general) {
        all.extend(having(sub, name, &[path, &[sub.get_name()]].concat(), true));
    }
    all
}

/// What may have been meant by `name`, which is no option of `command`.
fn advice(command: &Command, name: &str, path: &[&str]) -> String {
    if command.find_subcommand(name).is_some() {
        return format!(": it is a command, and its options stand below [{}]", [path, &[name]].concat().join("."));
    }
    match having(command, name, path, true).first() {
        Some((at, _)) => format!(": it stands below [{}]", at.join(".")),
        None => nearest(command, name).map(|near| format!(" (did you mean {near}?)")).unwrap_or_default(),
    }
}

/// The option that is spelled most like `name`, if one is.
fn nearest(command: &Command, name: &str) -> Option<String> {
    let options =
        |command: &Command| command.get_arguments().filter_map(|arg| arg.get_long()).map(str::to_string).collect();
    let mut all: Vec<String> = options(command);
    command.get_subcommands().for_each(|sub| all.extend::<Vec<String>>(options(sub)));
    // As near as clap's own suggestions on the command line.
    let like = |option: &String| strsim::jaro(option, name);
    all.into_iter().filter(|option| like(option) > 0.7).max_by(|a, b| like(a).total_cmp(&like(b)))
}

fn set(command: Command, path: &[String], default: &Given) -> Command {
    match path {
        [] => {
            let id = command
                .get_arguments()
                .find(|arg| arg.get_long() == Some(&default.option))
                .map(|arg| arg.get_id().clone());
            match id {
                Some(id) => command.mut_arg(id, |arg| arg.required(false).default_values(default.values.clone())),
                None => command,
            }
        }
        [name, rest @ ..] => command.mut_subcommand(name, |sub| set(sub, rest, default)),
    }
}

fn is_path(parser: &ValueParser) -> bool {
    parser.type_id() == ValueParser::path_buf().type_id()
}
