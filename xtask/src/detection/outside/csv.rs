//! Tables of texts, as RFC 4180 describes them.

/// The records of a table, each with its fields.
///
/// # Errors
/// A quote is not closed, or stands inside a field that is not quoted.
pub(super) fn records(text: &str) -> Result<Vec<Vec<String>>, String> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' if field.is_empty() => field = quoted(&mut rest)?,
            '"' => return Err(format!("record {}: a quote inside a field", records.len() + 1)),
            ',' => record.push(std::mem::take(&mut field)),
            '\r' if rest.peek() == Some(&'\n') => {}
            '\n' => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            other => field.push(other),
        }
    }
    if !field.is_empty() || !record.is_empty() {
        record.push(field);
        records.push(record);
    }
    Ok(records)
}

/// A field from behind its first quote to its last one, which must end it.
fn quoted(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<String, String> {
    let mut field = String::new();
    while let Some(character) = rest.next() {
        match (character, rest.peek()) {
            ('"', Some('"')) => {
                rest.next();
                field.push('"');
            }
            ('"', None | Some(',' | '\n' | '\r')) => return Ok(field),
            ('"', Some(other)) => return Err(format!("{other:?} behind a quoted field")),
            (other, _) => field.push(other),
        }
    }
    Err("a quote is not closed".into())
}

#[cfg(test)]
mod tests {
    use super::records;

    #[test]
    fn fields_may_be_quoted() {
        let table = records("a,b\r\n\"x,\"\"y\"\"\nz\",\n,\"\"\n").unwrap();
        assert_eq!(table, [["a", "b"], ["x,\"y\"\nz", ""], ["", ""]]);
        assert_eq!(records("a,b").unwrap(), [["a", "b"]], "the last line may be without an end");
        assert!(records("").unwrap().is_empty());
    }

    #[test]
    fn what_is_quoted_wrong_is_refused() {
        for wrong in ["\"a", "a\"b\"", "\"a\"b"] {
            assert!(records(wrong).is_err(), "{wrong}");
        }
    }
}
