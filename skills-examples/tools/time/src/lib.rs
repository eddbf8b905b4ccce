//! A tool that says what time it is.

use std::time::{SystemTime, UNIX_EPOCH};

wit_bindgen::generate!({
    inline: "
        package example:time;

        /// Says what time it is.
        world time {
            /// The time of day, `HH:MM`, so many minutes east of UTC.
            export time-of-day: func(minutes-east: option<s16>) -> result<string, string>;
        }
    ",
});

const MINUTES_OF_A_DAY: i64 = 24 * 60;

struct Time;

impl Guest for Time {
    fn time_of_day(minutes_east: Option<i16>) -> Result<String, String> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?;
        let minutes = i64::try_from(since.as_secs() / 60).map_err(|error| error.to_string())?;
        let minutes = (minutes + i64::from(minutes_east.unwrap_or(0))).rem_euclid(MINUTES_OF_A_DAY);
        Ok(format!("{:02}:{:02}", minutes / 60, minutes % 60))
    }
}

export!(Time);
