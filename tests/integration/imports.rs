//! Files of a crate do not import each other in a circle.
//!
//! The graph of a crate is read from its text: each `use`, and each path through a module, is an edge from the file that
//! has it to the file that defines what it names. A name that a module re-exports leads to the file that defines it. Tests
//! inside a file, and files that only tests compile, have no edges.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::helpers::project;

/// Members of the workspace that are left out: they hold nothing but tests.
const LEFT_OUT: [&str; 1] = ["tests"];
/// Re-exports that are followed from a name to its definition.
const RE_EXPORTS_MAX: usize = 8;

#[test]
fn files_of_a_crate_import_each_other_in_no_circle() {
    let circles: Vec<String> = crates()
        .iter()
        .filter_map(|directory| {
            let files = read(&project(directory).join("src"));
            assert!(!files.is_empty(), "{directory} has no sources");
            Some(format!("{directory}: {}", Graph::of(files).circle()?.join(" → ")))
        })
        .collect();
    assert!(circles.is_empty(), "files import each other in a circle:\n{}", circles.join("\n"));
}

/// The directories of the crates whose files are checked.
fn crates() -> Vec<String> {
    let manifest: toml::Table = std::fs::read_to_string(project("Cargo.toml")).unwrap().parse().unwrap();
    let members = manifest["workspace"]["members"].as_array().unwrap();
    let members = members.iter().map(|member| member.as_str().unwrap().to_owned());
    members.filter(|member| !LEFT_OUT.contains(&member.as_str())).collect()
}

/// A module, by the names from the root of the crate.
type ModulePath = Vec<String>;

/// A piece of Rust, as far as paths need it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    /// `::`
    Separator,
    Mark(char),
}

/// One name that a `use` brings into a file.
struct Import {
    path: Vec<String>,
    /// The name in this file; `*` for all names of a module.
    name: String,
}

/// One file.
struct Module {
    file: String,
    /// Without its tests and its imports.
    tokens: Vec<Token>,
    imports: Vec<Import>,
}

/// The files of a crate.
struct Graph {
    modules: BTreeMap<ModulePath, Module>,
}

/// What a path leads to.
enum Target {
    Module(ModulePath),
    /// The module that defines the item.
    Item(ModulePath),
}

/// All sources under a directory, by their paths below it.
fn read(directory: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            files.extend(read(&path).into_iter().map(|(file, text)| (format!("{name}/{file}"), text)));
        } else if name.ends_with(".rs") {
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    files
}

/// The module of a file.
fn module_of(file: &str) -> ModulePath {
    let mut names: Vec<String> = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if matches!(names.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        names.pop();
    }
    names
}

/// The tokens of a text, without comments, literals and lifetimes.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let starts = |at: usize, what: &str| what.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c));
    let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(c) = chars.get(at).copied() {
        if starts(at, "//") {
            at += chars[at..].iter().take_while(|c| **c != '\n').count();
        } else if starts(at, "/*") {
            at += 2;
            while at < chars.len() && !starts(at, "*/") {
                at += 1;
            }
            at += 2;
        } else if is_word(&c) {
            let word: String = chars[at..].iter().take_while(|c| is_word(c)).collect();
            at += word.chars().count();
            let hashes = chars[at.min(chars.len())..].iter().take_while(|c| **c == '#').count();
            let is_raw = matches!(word.as_str(), "r" | "br") && chars.get(at + hashes) == Some(&'"');
            match is_raw {
                true => {
                    let end = format!("\"{}", "#".repeat(hashes));
                    at += hashes + 1;
                    while at < chars.len() && !starts(at, &end) {
                        at += 1;
                    }
                    at += end.len();
                }
                false => tokens.push(Token::Word(word)),
            }
        } else if c == '"' {
            at += 1;
            while at < chars.len() && chars[at] != '"' {
                at += if chars[at] == '\\' { 2 } else { 1 };
            }
            at += 1;
        } else if c == '\'' {
            let is_escape = chars.get(at + 1) == Some(&'\\');
            at += match (is_escape, chars.get(at + 2)) {
                (true, _) => {
                    3 + chars[(at + 3).min(chars.len())..].iter().take_while(|c| **c != '\'').count() + 1
                }
                (false, Some('\'')) => 3,
                // A lifetime.
                (false, _) => 1 + chars[at + 1..].iter().take_while(|c| is_word(c)).count(),
            };
        } else if starts(at, "::") {
            tokens.push(Token::Separator);
            at += 2;
        } else {
            if !c.is_whitespace() {
                tokens.push(Token::Mark(c));
            }
            at += 1;
        }
    }
    tokens
}

/// The index behind the bracket that closes the one at `open`.
fn behind_bracket(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token {
            Token::Mark('{' | '[' | '(') => depth += 1,
            Token::Mark('}' | ']' | ')') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

fn is_word(token: Option<&Token>, text: &str) -> bool {
    matches!(token, Some(Token::Word(word)) if word == text)
}

/// Whether an attribute, without its `#`, keeps what follows it to tests: `[cfg(test)]`, `[cfg(all(test, unix))]`.
fn is_for_tests(attribute: &[Token]) -> bool {
    let has = |word: &str| attribute.iter().any(|token| is_word(Some(token), word));
    is_word(attribute.get(1), "cfg") && has("test") && !has("any") && !has("not")
}

/// The tokens without the modules that only tests compile, and the names of those that are files.
fn without_tests(tokens: Vec<Token>) -> (Vec<Token>, Vec<String>) {
    let (mut rest, mut test_files, mut at) = (Vec::new(), Vec::new(), 0);
    while at < tokens.len() {
        let (mut next, mut is_test) = (at, false);
        while tokens.get(next) == Some(&Token::Mark('#')) && tokens.get(next + 1) == Some(&Token::Mark('[')) {
            let behind = behind_bracket(&tokens, next + 1);
            is_test |= is_for_tests(&tokens[next + 1..behind]);
            next = behind;
        }
        if is_word(tokens.get(next), "pub") {
            next += 1;
            if tokens.get(next) == Some(&Token::Mark('(')) {
                next = behind_bracket(&tokens, next);
            }
        }
        if let (true, true, Some(Token::Word(name))) =
            (is_test, is_word(tokens.get(next), "mod"), tokens.get(next + 1))
        {
            at = match tokens.get(next + 2) {
                Some(Token::Mark('{')) => behind_bracket(&tokens, next + 2),
                _ => {
                    test_files.push(name.clone());
                    next + 3
                }
            };
            continue;
        }
        rest.push(tokens[at].clone());
        at += 1;
    }
    (rest, test_files)
}

/// The imports of a tree such as `a::{self, b as c, d::*}`.
fn imports(tree: &[Token], before: &[String]) -> Vec<Import> {
    let mut path = before.to_vec();
    let mut name = None;
    let mut at = 0;
    while let Some(token) = tree.get(at) {
        match token {
            Token::Mark('{') => {
                let inside = &tree[at + 1..behind_bracket(tree, at) - 1];
                return branches(inside).into_iter().flat_map(|branch| imports(branch, &path)).collect();
            }
            Token::Word(word) if word == "as" => {
                name = tree.get(at + 1).cloned();
                break;
            }
            Token::Word(word) if word == "self" && !path.is_empty() => {}
            Token::Word(word) => path.push(word.clone()),
            Token::Mark('*') => path.push("*".into()),
            _ => {}
        }
        at += 1;
    }
    let name = match name {
        Some(Token::Word(name)) => Some(name),
        _ => path.last().cloned(),
    };
    name.map(|name| Import { path, name }).into_iter().collect()
}

/// The parts between commas that no brace holds.
fn branches(tokens: &[Token]) -> Vec<&[Token]> {
    let (mut all, mut start, mut at) = (Vec::new(), 0, 0);
    while at < tokens.len() {
        match &tokens[at] {
            Token::Mark('{') => at = behind_bracket(tokens, at),
            Token::Mark(',') => {
                all.push(&tokens[start..at]);
                at += 1;
                start = at;
            }
            _ => at += 1,
        }
    }
    all.push(&tokens[start..]);
    all.retain(|branch| !branch.is_empty());
    all
}

impl Module {
    fn of(file: &str, tokens: Vec<Token>) -> Self {
        let mut module = Self { file: file.to_owned(), tokens: Vec::new(), imports: Vec::new() };
        let mut at = 0;
        while at < tokens.len() {
            match is_word(tokens.get(at), "use") {
                true => {
                    let length = tokens[at..].iter().take_while(|token| **token != Token::Mark(';')).count();
                    module.imports.extend(imports(&tokens[at + 1..at + length], &[]));
                    at += length;
                }
                false => module.tokens.push(tokens[at].clone()),
            }
            at += 1;
        }
        module
    }

    fn defines(&self, name: &str) -> bool {
        const KEYWORDS: [&str; 8] = ["struct", "enum", "fn", "trait", "type", "const", "static", "union"];
        self.tokens.windows(2).any(|pair| match pair {
            [Token::Word(keyword), Token::Word(word)] => KEYWORDS.contains(&keyword.as_str()) && word == name,
            _ => false,
        })
    }

    /// Paths of two names and more in the code.
    fn paths(&self) -> Vec<Vec<String>> {
        let mut paths = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let mut path = Vec::new();
            while let Some(Token::Word(word)) = self.tokens.get(at) {
                path.push(word.clone());
                at += 1;
                if self.tokens.get(at) != Some(&Token::Separator) {
                    break;
                }
                at += 1;
            }
            if path.len() > 1 {
                paths.push(path);
            } else if path.is_empty() {
                at += 1;
            }
        }
        paths
    }
}

impl Graph {
    fn of(files: Vec<(String, String)>) -> Self {
        let mut modules = BTreeMap::new();
        let mut tests: BTreeSet<ModulePath> = BTreeSet::new();
        for (file, text) in files {
            let path = module_of(&file);
            let (tokens, test_files) = without_tests(tokens(&text));
            tests.extend(test_files.into_iter().map(|name| [path.clone(), vec![name]].concat()));
            modules.insert(path, Module::of(&file, tokens));
        }
        modules.retain(|path, _| !tests.contains(path));
        Self { modules }
    }

    /// The module that a path starts from, and the rest of the path; none: it leads out of the crate.
    fn start<'p>(&self, module: &ModulePath, path: &'p [String]) -> Option<(ModulePath, &'p [String])> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some((Vec::new(), rest)),
            "self" => Some((module.clone(), rest)),
            "super" => {
                let depth = path.iter().take_while(|name| *name == "super").count();
                Some((module[..module.len().checked_sub(depth)?].to_vec(), &path[depth..]))
            }
            _ => self.child(module, first).map(|_| (module.clone(), path)),
        }
    }

    fn child(&self, module: &ModulePath, name: &str) -> Option<ModulePath> {
        let child = [module.as_slice(), &[name.to_owned()]].concat();
        self.modules.contains_key(&child).then_some(child)
    }

    /// What a path leads to, through re-exports.
    fn resolve(&self, start: ModulePath, path: &[String], re_exports: usize) -> Option<Target> {
        let mut module = start;
        for (at, name) in path.iter().enumerate() {
            if let Some(child) = self.child(&module, name) {
                module = child;
                continue;
            }
            let here = self.modules.get(&module)?;
            if !here.defines(name) && re_exports < RE_EXPORTS_MAX {
                let is_named = |import: &&Import| import.name == *name || import.name == "*";
                for import in here.imports.iter().filter(is_named) {
                    let mut path_there = import.path.clone();
                    if import.name == "*" {
                        path_there.pop();
                        path_there.push(name.clone());
                    }
                    path_there.extend(path[at + 1..].iter().cloned());
                    let found = self
                        .start(&module, &path_there)
                        .and_then(|(start, rest)| self.resolve(start, rest, re_exports + 1));
                    if found.is_some() {
                        return found;
                    }
                }
            }
            return Some(Target::Item(module));
        }
        Some(Target::Module(module))
    }

    /// The modules whose items a module uses.
    fn used_by(&self, path: &ModulePath) -> BTreeSet<ModulePath> {
        let module = &self.modules[path];
        let mut used = BTreeSet::new();
        // Names of modules in this file: what is used of them shows in the paths that begin with such a name.
        let mut names: BTreeMap<&str, ModulePath> = BTreeMap::new();
        for child in
            self.modules.keys().filter(|child| child.len() == path.len() + 1 && child.starts_with(path))
        {
            names.insert(child[path.len()].as_str(), child.clone());
        }
        for import in &module.imports {
            let all = import.path.strip_suffix(&["*".to_owned()]);
            let Some((start, rest)) = self.start(path, all.unwrap_or(&import.path)) else { continue };
            match (self.resolve(start, rest, 0), all) {
                (Some(Target::Module(target)), None) => drop(names.insert(&import.name, target)),
                (Some(Target::Module(target) | Target::Item(target)), _) => drop(used.insert(target)),
                (None, _) => {}
            }
        }
        for in_code in module.paths() {
            let found = match names.get(in_code[0].as_str()) {
                Some(target) => self.resolve(target.clone(), &in_code[1..], 0),
                None if matches!(in_code[0].as_str(), "crate" | "self" | "super") => {
                    self.start(path, &in_code).and_then(|(start, rest)| self.resolve(start, rest, 0))
                }
                None => None,
            };
            if let Some(Target::Item(target)) = found {
                used.insert(target);
            }
        }
        used.remove(path);
        used
    }

    /// The files of one circle, the first of them at both ends; none if there is none.
    fn circle(&self) -> Option<Vec<String>> {
        let edges: BTreeMap<&ModulePath, BTreeSet<ModulePath>> =
            self.modules.keys().map(|path| (path, self.used_by(path))).collect();
        let mut done = BTreeSet::new();
        self.modules.keys().find_map(|path| {
            let circle = circle_from(path, &edges, &mut Vec::new(), &mut done)?;
            Some(circle.iter().map(|path| self.modules[path].file.clone()).collect())
        })
    }
}

/// A circle that can be reached from a module. `way` holds the modules on the way to it, `done` those that lead to none.
fn circle_from(
    module: &ModulePath,
    edges: &BTreeMap<&ModulePath, BTreeSet<ModulePath>>,
    way: &mut Vec<ModulePath>,
    done: &mut BTreeSet<ModulePath>,
) -> Option<Vec<ModulePath>> {
    if let Some(start) = way.iter().position(|before| before == module) {
        return Some([&way[start..], std::slice::from_ref(module)].concat());
    }
    if done.contains(module) {
        return None;
    }
    way.push(module.clone());
    for next in &edges[module] {
        if let Some(circle) = circle_from(next, edges, way, done) {
            return Some(circle);
        }
    }
    way.pop();
    done.insert(module.clone());
    None
}

fn circle_in(files: &[(&str, &str)]) -> Option<String> {
    let files = files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
    Graph::of(files).circle().map(|circle| circle.join(" "))
}

#[test]
fn a_circle_is_named_by_its_files() {
    let circle = circle_in(&[
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::b::B; pub struct A(B);"),
        ("b.rs", "use crate::{c::{self, C}, other as name}; pub struct B(C);"),
        ("c.rs", "pub struct C; fn back() { crate::a::A::new(); }"),
    ]);
    assert_eq!(circle.unwrap(), "a.rs b.rs c.rs a.rs");
}

#[test]
fn a_re_exported_name_leads_to_the_file_that_defines_it() {
    let a = ("a.rs", "pub struct A;");
    let root = ("lib.rs", "mod a; mod b; pub use a::A; pub use b::*;");
    assert_eq!(circle_in(&[root, a, ("b.rs", "use crate::A; pub struct B(A);")]), None);
    let back = ("a.rs", "use crate::B; pub struct A(B);");
    assert!(circle_in(&[root, back, ("b.rs", "use crate::A; pub struct B(A);")]).is_some());
}

#[test]
fn a_path_through_an_imported_module_counts_and_importing_the_module_alone_does_not() {
    let files = |code: &'static str| {
        [
            ("lib.rs", "mod m; mod x;"),
            ("m/mod.rs", "pub mod inner; pub fn f() { inner::g(); }"),
            ("m/inner.rs", "use crate::x; pub fn g() { x::h(); }"),
            ("x.rs", code),
        ]
    };
    assert_eq!(circle_in(&files("use crate::m; pub fn h() {}")), None);
    assert_eq!(
        circle_in(&files("use crate::m; pub fn h() { m::inner::g(); }")).unwrap(),
        "m/inner.rs x.rs m/inner.rs"
    );
    assert!(circle_in(&files("pub fn h() { crate::m::f(); }")).is_some());
}

#[test]
fn tests_comments_and_literals_have_no_edges() {
    let a = "pub struct A; // use crate::b::B;\nconst T: &str = \"use crate::b::B;\"; const R: &str = r#\"\"use crate::b::B;\"#;\n\
             fn q<'a>(c: char) -> bool { c == '\"' || c == '\\'' }\n#[cfg(all(test, unix))]\nmod tests { use crate::b::B; }";
    let files = [
        ("lib.rs", "mod a; mod b; #[cfg(test)] #[path = \"t.rs\"] pub(crate) mod t;"),
        ("a.rs", a),
        ("b.rs", "use crate::a::A; pub struct B(A);"),
    ];
    assert_eq!(circle_in(&files), None);
    let with_test_file =
        [files.as_slice(), &[("t.rs", "use crate::b::B; fn t() { crate::t::x(); }")]].concat();
    assert_eq!(circle_in(&with_test_file), None);
}
