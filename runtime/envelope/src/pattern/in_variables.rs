//! What one run asked for, as an entry that holds for every run.

use super::{
    Bindings, NetworkPattern, PathPattern, Variable,
    variable::{ARGUMENT_MAX, field_name, segments},
};

impl Bindings<'_> {
    /// A path as an entry with a variable: that of the argument that names it, or of the directory that it is below.
    pub(crate) fn path_in_variables(&self, path: &str) -> Option<String> {
        let of_path = segments(path)?;
        for variable in self.arguments() {
            if self.paths(&variable).contains(&of_path) {
                return Some(variable.to_string());
            }
        }
        // Where it is not set, a program has chosen `/tmp` by itself.
        let tmpdir = self.tmpdir.map(|_| Variable::Tmpdir);
        let directories = [Variable::Home].into_iter().chain(tmpdir);
        let entry = directories.into_iter().find_map(|variable| {
            let directory = self.paths(&variable).pop()?;
            let below = of_path.strip_prefix(directory.as_slice()).filter(|below| !below.is_empty())?;
            Some(format!("{variable}/{}", below.join("/")))
        })?;
        // A star in a name would allow more than was asked for.
        let matches = |pattern: PathPattern| pattern.bind(self).matches(path);
        (!path.contains('*') && PathPattern::parse(&entry).is_ok_and(matches)).then_some(entry)
    }

    /// A destination as an entry with a variable in the place of the host that an argument names.
    pub(crate) fn destination_in_variables(&self, entry: &str) -> Option<String> {
        let of_entry = NetworkPattern::parse(entry).ok()?;
        let host = of_entry.host().to_string();
        self.arguments().find_map(|variable| {
            let with_variable = entry.replacen(&host, &variable.to_string(), 1);
            let pattern = NetworkPattern::parse_declared(&with_variable).ok()?;
            (pattern.variable() == Some(&variable) && pattern.bind(self).covers(&of_entry))
                .then_some(with_variable)
        })
    }

    /// Each argument by its number, and each field by its name.
    fn arguments(&self) -> impl Iterator<Item = Variable> {
        let count = u32::try_from(self.arguments.len()).unwrap_or(ARGUMENT_MAX).min(ARGUMENT_MAX - 1);
        let fields = self.fields.iter().filter_map(|(place, _)| field_name(place));
        (1..=count).map(Variable::Argument).chain(fields.map(|name| Variable::Field(name.to_owned())))
    }
}
