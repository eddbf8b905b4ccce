//! `invar completions` and `invar man`: generated from the definition of the command line.

use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{
    args::Args,
    error::{Error, Outcome},
    exit, files,
    out::Out,
};

pub(super) fn completions(shell: Shell, out: &mut Out) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "invar", &mut script);
    out.raw(&script);
    Ok(exit::DONE)
}

pub(super) fn man(directory: Option<&Path>, out: &mut Out) -> Outcome {
    let mut command = Args::command();
    command.build();
    let render = |command: &clap::Command, title: &str| {
        let mut page = Vec::new();
        clap_mangen::Man::new(command.clone())
            .title(title)
            .render(&mut page)
            .map(|()| page)
            .map_err(|error| Error::Internal(error.to_string()))
    };
    match directory {
        None => out.raw(&render(&command, "invar")?),
        Some(directory) => {
            files::make_private_directory(directory)?;
            files::write(&directory.join("invar.1"), &render(&command, "invar")?)?;
            for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
                let name = format!("invar-{}", subcommand.get_name());
                let page = render(subcommand, &name)?;
                files::write(&directory.join(format!("{name}.1")), &page)?;
            }
        }
    }
    Ok(exit::DONE)
}
