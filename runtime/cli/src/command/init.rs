//! `invar init`: writes a manifest beside a component.

use std::path::{Path, PathBuf};

use invar_engine::Skill;
use invar_envelope::toml_text;
use invar_host::{
    Learnt,
    monitor::NamedInput,
    skill::{MANIFEST, SkillFiles},
    source::Contents,
    world::WorldSpec,
};
use invar_monitor::shell_word;
use invar_trace::Entry;

use super::{envelope, example_calls::ExampleCalls, inspect};
use crate::{
    args::InitArgs,
    error::{Error, Outcome},
    exit, files,
    home::Home,
    out::Out,
    skill,
};

/// Runs of a series that the envelope is learnt from.
const RUNS: u32 = 20;
/// The file for the arguments of the skill.
const WORLD: &str = "world.toml";

pub(super) fn init(args: &InitArgs, out: &mut Out) -> Outcome {
    let component = match &args.component {
        Some(path) => path.clone(),
        None => only_component()?,
    };
    let directory = args.to.as_deref().unwrap_or_else(|| directory_of(&component));
    let world = world_of(&args.args);
    check_place(args, directory, world.is_some())?;
    let (file, input_file) = (name_of(&component)?, args.input.as_deref().map(name_of).transpose()?);
    if args.to.is_some() && input_file.is_some_and(|name| [MANIFEST, WORLD, file].contains(&name)) {
        return Err(Error::Input(format!(
            "the input cannot be copied as {}: another file has that name there; rename it",
            input_file.unwrap_or_default()
        )));
    }
    let host = super::host(&Home::find()?)?;
    let loaded = super::load(&host, invar_host::skill::read(&component, None)?, out)?;
    let input = match &args.input {
        None if loaded.entry == Entry::Tool => {
            NamedInput { name: "example calls".into(), bytes: ExampleCalls::of(&loaded.tools).input().into() }
        }
        Some(path) => NamedInput { name: path.display().to_string(), bytes: files::read(path)?.into() },
        None => NamedInput::of_skill(loaded.files())?,
    };
    let input_bytes = input.bytes.clone();
    let learnt = match args.no_runs {
        true => None,
        false => {
            let world = WorldSpec { args: args.args.clone(), ..WorldSpec::default() };
            Some(envelope::learn_from_runs(&host, &loaded, &world, input, RUNS)?)
        }
    };
    let is_beside = |path: &Path| args.to.is_some() || directory_of(path) == directory;
    let manifest = Manifest {
        component: file,
        files: loaded.files(),
        skill: &loaded,
        learnt: learnt.as_ref(),
        input: input_file.filter(|_| args.input.as_deref().is_some_and(is_beside)),
        world: world.as_ref().map(|_| WORLD),
    };
    let mut contents = Contents::default();
    let mut add = |name: &str, bytes: &[u8]| drop(contents.files.insert(name.to_owned(), bytes.into()));
    add(MANIFEST, manifest.text().as_bytes());
    if let Some(world) = &world {
        add(WORLD, world.as_bytes());
    }
    if args.to.is_some() {
        add(file, &loaded.files().component);
        if let Some(name) = input_file {
            add(name, &input_bytes);
        }
        files::put_directory(&contents, directory)?;
    } else {
        for (name, bytes) in &contents.files {
            files::write(&directory.join(name), bytes)?;
        }
    }
    out.styled(&format!(
        "{} is written. Read it, then:\n  invar monitor {}\n",
        directory.join(MANIFEST).display(),
        shell_word(&directory.display().to_string())
    ));
    Ok(exit::DONE)
}

/// Nothing that is there is overwritten: said before anything runs.
fn check_place(args: &InitArgs, directory: &Path, has_world: bool) -> Outcome<()> {
    let there = |path: &Path| {
        Error::Input(format!(
            "{} is there already; move it away, or name another place with --to",
            path.display()
        ))
    };
    if args.to.is_some() {
        files::check_parent(directory)?;
        return if files::exists(directory) { Err(there(directory)) } else { Ok(()) };
    }
    let names = [Some(MANIFEST), has_world.then_some(WORLD)];
    let mut paths = names.into_iter().flatten().map(|name| directory.join(name));
    paths.find(|path| files::exists(path)).map_or(Ok(()), |path| Err(there(&path)))
}

/// The world that gives the skill its arguments.
fn world_of(args: &[String]) -> Option<String> {
    let words: Vec<String> = args.iter().map(|word| toml_text(word)).collect();
    (!args.is_empty()).then(|| format!("args = [{}]\n", words.join(", ")))
}

fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn name_of(path: &Path) -> Outcome<&str> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.ok_or_else(|| Error::Input(format!("{} has no name that a manifest can hold", path.display())))
}

/// The only `.wasm` file of the current directory.
fn only_component() -> Outcome<PathBuf> {
    let all = files::files_in(Path::new("."))?;
    let components: Vec<&PathBuf> =
        all.iter().filter(|path| path.extension().is_some_and(|extension| extension == "wasm")).collect();
    match components.as_slice() {
        [only] => Ok((*only).clone()),
        [] => Err(Error::Usage("there is no .wasm file in this directory: name one".into())),
        several => Err(Error::Usage(format!(
            "there are {} .wasm files in this directory: name one of them",
            several.len()
        ))),
    }
}

/// What a manifest is written from.
struct Manifest<'a> {
    /// Its file name.
    component: &'a str,
    files: &'a SkillFiles,
    skill: &'a Skill,
    learnt: Option<&'a Learnt>,
    input: Option<&'a str>,
    world: Option<&'a str>,
}

impl Manifest<'_> {
    fn text(&self) -> String {
        let mut lines = vec![
            "# Written by `invar init`. The envelope is a request: it grants nothing.".to_owned(),
            String::new(),
            "[skill]".to_owned(),
            format!("name = {}", toml_text(&name(&self.files.name))),
            "version = \"0.1.0\"".to_owned(),
            "# publisher = \"example.org\"".to_owned(),
            format!("component = {}", toml_text(self.component)),
            String::new(),
            "# What the component imports, and so could call:".to_owned(),
        ];
        lines.extend(inspect::imported(self.skill).into_iter().map(|line| format!("#   {line}")));
        lines.push(String::new());
        match self.learnt {
            Some(learnt) => lines.extend(envelope::lines(learnt)),
            None => lines.extend([
                "[envelope]".to_owned(),
                "# Nothing is declared. `invar envelope learn` prints what runs need.".to_owned(),
            ]),
        }
        lines.extend([
            String::new(),
            "# What output and cost may depend on, besides the input. Without it: on whatever the envelope declares.".to_owned(),
            "# [claims]".to_owned(),
            "# varies_with = [\"clock\"]".to_owned(),
        ]);
        if self.skill.entry == Entry::Tool {
            lines.extend([
                "# The same of one function; complexity is in bytes of the argument that grows.".to_owned(),
                "# [claims.call.\"NAME\"]".to_owned(),
                "# complexity = \"n\"".to_owned(),
            ]);
        }
        let lab = [("input", self.input), ("world", self.world)];
        let calls = ExampleCalls::of(&self.skill.tools).lines();
        if lab.iter().any(|(_, file)| file.is_some()) || !calls.is_empty() {
            lines.extend([String::new(), "# How to run it in the lab.".to_owned(), "[lab]".to_owned()]);
            lines.extend(
                lab.iter().filter_map(|(key, file)| Some(format!("{key} = {}", toml_text((*file)?)))),
            );
            lines.extend(calls);
        } else {
            lines.extend([
                String::new(),
                "# How to run it in the lab: standard input, and a world with files, variables and arguments.".to_owned(),
                "# [lab]".to_owned(),
                "# input = \"input.txt\"".to_owned(),
                "# world = \"world.toml\"".to_owned(),
            ]);
        }
        lines.join("\n") + "\n"
    }
}

/// The name of a file as a manifest can have it.
fn name(stem: &str) -> String {
    let mut name: String = stem
        .chars()
        .map(|c| match c.to_ascii_lowercase() {
            c if c.is_ascii_lowercase() || c.is_ascii_digit() => c,
            _ => '-',
        })
        .collect();
    name.truncate(NAME_BYTES_MAX);
    let name = name.trim_matches('-');
    match skill::is_name(name) {
        true => name.to_owned(),
        false => "skill".to_owned(),
    }
}

/// The bytes of a skill's name.
const NAME_BYTES_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn the_name_of_a_file_becomes_one_that_a_manifest_can_have() {
        for (stem, expected) in [
            ("data_enrichment", "data-enrichment"),
            ("JQ 1.7", "jq-1-7"),
            ("--", "skill"),
            ("", "skill"),
            ("ünï", "n"),
        ] {
            assert_eq!(name(stem), expected, "{stem}");
        }
        assert_eq!(name(&"x".repeat(100)).len(), 64);
    }
}
