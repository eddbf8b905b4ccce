//! Reading scripts.

/// The calls of a script.
pub(crate) struct Script;

/// One call.
pub(crate) struct Call {
    pub(crate) line: String,
    /// What the handle it gives is to be called.
    pub(crate) name: Option<String>,
    pub(crate) function: String,
    pub(crate) times: u64,
    arguments: Vec<Vec<u8>>,
}

impl Script {
    pub(crate) fn parse(text: &str) -> Result<Vec<Call>, String> {
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| parse_line(line).ok_or_else(|| format!("cannot read: {line}")))
            .collect()
    }
}

fn parse_line(line: &str) -> Option<Call> {
    let mut words = words(line)?.into_iter();
    let mut first = text(words.next()?)?;
    let mut times = 1;
    if first == "repeat" {
        times = text(words.next()?)?.parse().ok()?;
        first = text(words.next()?)?;
    }
    let mut rest: Vec<Vec<u8>> = words.collect();
    let (name, function) = match rest.first().map(Vec::as_slice) {
        Some(b"=") => {
            rest.remove(0);
            let function = text(rest.remove(0))?;
            (Some(first), function)
        }
        _ => (None, first),
    };
    Some(Call { line: line.to_owned(), name, function, times, arguments: rest })
}

fn text(bytes: Vec<u8>) -> Option<String> {
    String::from_utf8(bytes).ok()
}

fn words(line: &str) -> Option<Vec<Vec<u8>>> {
    let (mut words, mut bytes) = (Vec::new(), line.bytes().peekable());
    while let Some(byte) = bytes.next() {
        match byte {
            b' ' => {}
            b'"' => {
                let mut word = Vec::new();
                loop {
                    match bytes.next()? {
                        b'"' => break,
                        b'\\' => word.push(match bytes.next()? {
                            b'n' => b'\n',
                            b'x' => {
                                let digits = [bytes.next()?, bytes.next()?];
                                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
                            }
                            other => other,
                        }),
                        other => word.push(other),
                    }
                }
                words.push(word);
            }
            first => {
                let mut word = vec![first];
                while let Some(next) = bytes.next_if(|next| *next != b' ') {
                    word.push(next);
                }
                words.push(word);
            }
        }
    }
    Some(words)
}

impl Call {
    pub(crate) fn bytes(&self, index: usize) -> Result<Vec<u8>, String> {
        self.arguments.get(index).cloned().ok_or_else(|| format!("argument {index} is missing"))
    }

    pub(crate) fn word(&self, index: usize) -> Result<&str, String> {
        let word = self.arguments.get(index).ok_or_else(|| format!("argument {index} is missing"))?;
        std::str::from_utf8(word).map_err(|_| format!("argument {index} is not text"))
    }

    pub(crate) fn number(&self, index: usize) -> Result<u64, String> {
        self.word(index)?.parse().map_err(|_| format!("argument {index} is not a number"))
    }

    /// Whether the bare word is among the arguments.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.arguments.iter().any(|own| own == word.as_bytes())
    }

    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.arguments.iter().filter_map(|word| std::str::from_utf8(word).ok())
    }
}
