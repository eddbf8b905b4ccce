//! The table of host functions, written from the vendored WIT.
//!
//! `wit/functions.txt` gives each function its number: its line. The list only grows, since traces name
//! functions by number. The table adds names and types of parameters and answers.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use wit_parser::{
    FunctionKind, Handle, InterfaceId, Resolve, Type, TypeDefKind, TypeId, TypeOwner, WorldItem,
};

use crate::project::{self, TaskResult};

const LIST: &str = "wit/functions.txt";
const TABLE: &str = "runtime/trace/src/function/table.rs";

/// Writes the table, adding functions that the list does not have yet.
pub(crate) fn write() -> TaskResult {
    let (list, table) = generate()?;
    project::write(LIST, &list)?;
    project::write(TABLE, &table)
}

/// Fails if the committed table is not the one that would be written.
pub(crate) fn check() -> TaskResult {
    let (list, table) = generate()?;
    match project::read(LIST)? == list && project::read(TABLE)? == table {
        true => Ok(()),
        false => Err(format!("{TABLE} is not up to date: run `cargo xtask functions`")),
    }
}

/// One function of the WIT.
struct Function {
    /// `wasi:io/streams#[method]input-stream.read`
    full_name: String,
    /// Rust source of its entry.
    entry: String,
}

fn generate() -> TaskResult<(String, String)> {
    let mut resolve = Resolve { all_features: true, ..Resolve::default() };
    let (package, _) = resolve.push_dir(project::path("wit")).map_err(|error| format!("{error:#}"))?;
    let world = resolve.select_world(&[package], Some("membrane")).map_err(|error| format!("{error:#}"))?;
    let mut source = Source { resolve: &resolve, types: BTreeMap::new() };
    let mut functions = Vec::new();
    for item in resolve.worlds[world].imports.values() {
        match item {
            WorldItem::Interface { id, .. } => functions.extend(source.interface(*id)?),
            _ => return Err("the membrane imports only interfaces".into()),
        }
    }

    let mut list: Vec<String> = project::read(LIST).unwrap_or_default().lines().map(str::to_owned).collect();
    for function in &functions {
        if !list.contains(&function.full_name) {
            list.push(function.full_name.clone());
        }
    }
    let known: BTreeSet<&str> = functions.iter().map(|function| function.full_name.as_str()).collect();
    if let Some(removed) = list.iter().find(|name| !known.contains(name.as_str())) {
        return Err(format!("{removed} is in {LIST} but not in the WIT; numbers of traces must not be lost"));
    }

    let mut table = String::from(
        "//! Written by `cargo xtask functions` from `wit/`. Do not edit.\n\n\
         use super::{Function, FunctionId, Type, entry as f};\n\n",
    );
    for definition in source.types.values() {
        table.push_str(definition);
    }
    let _ = writeln!(table, "\n/// Every function, at the index of its number less one.");
    let _ = writeln!(table, "pub static FUNCTIONS: &[Function] = &[");
    for name in &list {
        if let Some(function) = functions.iter().find(|function| function.full_name == *name) {
            table.push_str(&function.entry);
        }
    }
    table.push_str("];\n");
    table.push_str(&constants(&list));
    Ok((list.join("\n") + "\n", format_source(&table)?))
}

/// `pub mod wall_clock { pub const NOW: FunctionId = FunctionId(…); }`, a module an interface.
fn constants(list: &[String]) -> String {
    let mut out = String::new();
    let mut interfaces: Vec<&str> = list.iter().filter_map(|name| Some(name.split_once('#')?.0)).collect();
    interfaces.dedup();
    interfaces.sort_unstable();
    interfaces.dedup();
    for interface in interfaces {
        let (package, short) =
            interface.trim_start_matches("wasi:").split_once('/').unwrap_or(("", interface));
        let module = match short {
            // Two interfaces have the same short name as their package's others could have.
            "types" => package.to_owned(),
            short => short.replace('-', "_"),
        };
        let _ = writeln!(
            out,
            "\n/// Functions of `{interface}`.\n\
             #[allow(missing_docs, reason = \"the constants are named after the functions\")]\n\
             pub mod {module} {{\nuse super::FunctionId;\n"
        );
        for (number, name) in (1..).zip(list) {
            if let Some((of_interface, function)) = name.split_once('#')
                && of_interface == interface
            {
                let constant = constant_name(function);
                let _ = writeln!(out, "pub const {constant}: FunctionId = FunctionId({number});");
            }
        }
        out.push_str("}\n");
    }
    out
}

/// `[method]descriptor.open-at` becomes `DESCRIPTOR_OPEN_AT`, `[resource-drop]descriptor` `DESCRIPTOR_DROP`,
/// `[constructor]fields` `FIELDS_NEW`.
fn constant_name(function: &str) -> String {
    let name = match (function.strip_prefix("[resource-drop]"), function.strip_prefix("[constructor]")) {
        (Some(resource), _) => format!("{resource}-drop"),
        (None, Some(resource)) => format!("{resource}-new"),
        (None, None) => function.trim_start_matches("[method]").trim_start_matches("[static]").to_owned(),
    };
    name.replace(['-', '.'], "_").to_uppercase()
}

/// Generates the source of the table from WIT.
struct Source<'a> {
    resolve: &'a Resolve,
    /// Named types by the name of their constant.
    types: BTreeMap<String, String>,
}

impl Source<'_> {
    fn interface(&mut self, id: InterfaceId) -> TaskResult<Vec<Function>> {
        let resolve = self.resolve;
        let interface = &resolve.interfaces[id];
        let full = resolve.id_of(id).ok_or("an interface without a name")?;
        // Without the version: 0.2.x are one interface.
        let name = full.split('@').next().unwrap_or(&full).to_owned();
        let mut functions = Vec::new();
        for (short, function) in &interface.functions {
            if !matches!(
                function.kind,
                FunctionKind::Freestanding
                    | FunctionKind::Method(_)
                    | FunctionKind::Static(_)
                    | FunctionKind::Constructor(_)
            ) {
                return Err(format!("{name}#{short}: asynchronous functions are not known"));
            }
            let mut params = String::new();
            for param in &function.params {
                let _ = write!(params, "(\"{}\", {}),", param.name, self.type_source(&param.ty)?);
            }
            let answer = match &function.result {
                Some(ty) => format!("Some({})", self.type_source(ty)?),
                None => "None".to_owned(),
            };
            functions.push(Function {
                full_name: format!("{name}#{short}"),
                entry: format!(
                    "f(\"{name}\", \"{short}\", &[{}], {answer}),\n",
                    params.trim_end_matches(',')
                ),
            });
        }
        for (type_name, ty) in &interface.types {
            if matches!(resolve.types[*ty].kind, TypeDefKind::Resource) {
                functions.push(Function {
                    full_name: format!("{name}#[resource-drop]{type_name}"),
                    entry: format!(
                        "f(\"{name}\", \"[resource-drop]{type_name}\", \
                     &[(\"self\", Type::Handle(\"{type_name}\"))], None),\n"
                    ),
                });
            }
        }
        Ok(functions)
    }

    fn type_source(&mut self, ty: &Type) -> TaskResult<String> {
        Ok(match ty {
            Type::Bool => "Type::Bool".into(),
            Type::U8 | Type::U16 | Type::U32 | Type::U64 => "Type::Unsigned".into(),
            Type::S8 | Type::S16 | Type::S32 | Type::S64 => "Type::Signed".into(),
            Type::String => "Type::Text".into(),
            Type::Id(id) => self.named_source(*id)?,
            other => return Err(format!("type {other:?} is not known")),
        })
    }

    fn named_source(&mut self, id: TypeId) -> TaskResult<String> {
        let names = |names: Vec<&str>| names.iter().map(|name| format!("\"{name}\",")).collect::<String>();
        let resolve = self.resolve;
        let definition = &resolve.types[id];
        let source = match &definition.kind {
            TypeDefKind::Type(ty) => self.type_source(ty)?,
            TypeDefKind::List(Type::U8) => "Type::Bytes".into(),
            TypeDefKind::List(ty) => format!("Type::List(&{})", self.type_source(ty)?),
            TypeDefKind::Option(ty) => format!("Type::Option(&{})", self.type_source(ty)?),
            TypeDefKind::Result(result) => {
                format!(
                    "Type::Result({}, {})",
                    self.optional_source(&result.ok)?,
                    self.optional_source(&result.err)?
                )
            }
            TypeDefKind::Tuple(tuple) => {
                let types =
                    tuple.types.iter().map(|ty| self.type_source(ty)).collect::<TaskResult<Vec<_>>>()?;
                format!("Type::Tuple(&[{}])", types.join(", "))
            }
            TypeDefKind::Record(record) => {
                let mut fields = String::new();
                for field in &record.fields {
                    let _ = write!(fields, "(\"{}\", {}),", field.name, self.type_source(&field.ty)?);
                }
                format!("Type::Record(&[{fields}])")
            }
            TypeDefKind::Variant(variant) => {
                let mut cases = String::new();
                for case in &variant.cases {
                    let _ = write!(cases, "(\"{}\", {}),", case.name, self.optional_source(&case.ty)?);
                }
                format!("Type::Variant(&[{cases}])")
            }
            TypeDefKind::Enum(cases) => {
                format!(
                    "Type::Enum(&[{}])",
                    names(cases.cases.iter().map(|case| case.name.as_str()).collect())
                )
            }
            TypeDefKind::Flags(flags) => {
                format!(
                    "Type::Flags(&[{}])",
                    names(flags.flags.iter().map(|flag| flag.name.as_str()).collect())
                )
            }
            TypeDefKind::Handle(Handle::Own(resource) | Handle::Borrow(resource)) => {
                let resource = resource_name(resolve, *resource)?;
                format!("Type::Handle(\"{resource}\")")
            }
            other => return Err(format!("type {} is not known", other.as_str())),
        };
        // Named shapes stand once.
        let shape = matches!(
            definition.kind,
            TypeDefKind::Record(_) | TypeDefKind::Variant(_) | TypeDefKind::Enum(_) | TypeDefKind::Flags(_)
        );
        match (&definition.name, definition.owner) {
            (Some(name), TypeOwner::Interface(owner)) if shape => {
                let owner = resolve.id_of(owner).unwrap_or_default();
                let package = owner.trim_start_matches("wasi:").split('/').next().unwrap_or_default();
                let constant = format!("{package}_{name}").replace('-', "_").to_uppercase();
                self.types.insert(constant.clone(), format!("const {constant}: Type = {source};\n"));
                Ok(constant)
            }
            _ => Ok(source),
        }
    }

    fn optional_source(&mut self, ty: &Option<Type>) -> TaskResult<String> {
        Ok(match ty {
            Some(ty) => format!("Some(&{})", self.type_source(ty)?),
            None => "None".to_owned(),
        })
    }
}

/// The name of the resource that `use`s lead to.
fn resource_name(resolve: &Resolve, mut id: TypeId) -> TaskResult<String> {
    while let TypeDefKind::Type(Type::Id(next)) = resolve.types[id].kind {
        id = next;
    }
    resolve.types[id].name.clone().ok_or_else(|| "a resource without a name".into())
}

/// The source as rustfmt would have it, so that the formatter has nothing to say about it.
fn format_source(source: &str) -> TaskResult<String> {
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };
    let fail = |error: std::io::Error| format!("cannot run rustfmt: {error}");
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(project::path("rustfmt.toml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(fail)?;
    child.stdin.take().ok_or("rustfmt has no input")?.write_all(source.as_bytes()).map_err(fail)?;
    let output = child.wait_with_output().map_err(fail)?;
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}
