//! Tools for texts that do not cost alike, and of which one alone minds the time.

use std::time::{SystemTime, UNIX_EPOCH};

wit_bindgen::generate!({
    inline: "
        package example:text;

        /// Looks at texts.
        world text {
            /// How many words a text has.
            export count-words: func(text: string) -> u32;
            /// The longest part of a text that is in it twice.
            export repetition: func(text: string) -> string;
            /// A text with the hour of the day before it.
            export stamp: func(text: string) -> result<string, string>;
        }
    ",
});

const SECONDS_OF_AN_HOUR: u64 = 3600;
const HOURS_OF_A_DAY: u64 = 24;

struct Text;

impl Guest for Text {
    fn count_words(text: String) -> u32 {
        let words = text.split_whitespace().count();
        u32::try_from(words).unwrap_or(u32::MAX)
    }

    fn repetition(text: String) -> String {
        let chars: Vec<char> = text.chars().collect();
        // The length of what ends at one place and, in the same words, at another: every pair of places is compared.
        let mut lengths = vec![0_usize; chars.len() + 1];
        let (mut longest, mut end) = (0, 0);
        for one in 0..chars.len() {
            for other in (one + 1..chars.len()).rev() {
                let length = if chars[one] == chars[other] { lengths[other] + 1 } else { 0 };
                lengths[other + 1] = length;
                if length > longest && length <= other - one {
                    (longest, end) = (length, one + 1);
                }
            }
        }
        chars[end - longest..end].iter().collect()
    }

    fn stamp(text: String) -> Result<String, String> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?;
        Ok(format!("{:02} {text}", since.as_secs() / SECONDS_OF_AN_HOUR % HOURS_OF_A_DAY))
    }
}

export!(Text);
