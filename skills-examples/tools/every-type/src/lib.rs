//! Functions that give back what they are given, one for each kind of type.

wit_bindgen::generate!({
    inline: "
        package example:every-type@0.1.0;

        interface echo {
            record point { x: s32, y: s32, label: option<string> }
            variant shape { dot, circle(f64), polygon(list<point>) }
            enum colour { red, green, blue }
            flags style { bold, italic, underlined }
            record numbers {
                a: u8, b: s8, c: u16, d: s16, e: u32, f: s32, g: u64, h: s64,
            }

            /// Every integer.
            integers: func(numbers: numbers) -> numbers;
            floats: func(narrow: f32, wide: f64) -> tuple<f32, f64>;
            text: func(text: string, letter: char, yes: bool) -> tuple<string, char, bool>;
            bytes: func(bytes: list<u8>) -> list<u8>;
            shapes: func(shapes: list<shape>) -> list<shape>;
            looks: func(colour: colour, style: style) -> tuple<colour, style>;
            nested: func(value: option<option<u32>>) -> option<option<u32>>;
            outcome: func(value: result<u32, string>) -> result<u32, string>;
            nothing: func();
            divide: func(dividend: s64, divisor: s64) -> result<s64, string>;
        }

        /// Resources need a session: what gives a handle, takes it, and keeps it.
        interface counters {
            resource counter {
                constructor();
                starting-at: static func(number: u32) -> counter;
                next: func() -> u32;
            }
            /// A counter, or an error for 0.
            find: func(number: u32) -> result<counter, string>;
            /// Two at once.
            pair: func() -> tuple<counter, counter>;
            /// Ends the first and gives it back with the count of the second added.
            add: func(counter: counter, other: borrow<counter>) -> counter;
        }

        world every-type {
            export echo;
            export counters;
            /// At the root.
            export version: func() -> string;
            /// Exits instead of returning.
            export leave: func(status: u8);
        }
    ",
});

use std::cell::Cell;

use exports::example::every_type::{
    counters::{self, CounterBorrow, GuestCounter},
    echo::{self, Colour, Numbers, Shape, Style},
};

struct EveryType;

impl Guest for EveryType {
    fn version() -> String {
        "0.1.0".to_owned()
    }

    fn leave(status: u8) {
        // To a component that exits, only success and failure differ.
        std::process::exit(i32::from(status))
    }
}

impl echo::Guest for EveryType {
    fn integers(numbers: Numbers) -> Numbers {
        numbers
    }

    fn floats(narrow: f32, wide: f64) -> (f32, f64) {
        (narrow, wide)
    }

    fn text(text: String, letter: char, yes: bool) -> (String, char, bool) {
        (text, letter, yes)
    }

    fn bytes(bytes: Vec<u8>) -> Vec<u8> {
        bytes
    }

    fn shapes(shapes: Vec<Shape>) -> Vec<Shape> {
        shapes
    }

    fn looks(colour: Colour, style: Style) -> (Colour, Style) {
        (colour, style)
    }

    fn nested(value: Option<Option<u32>>) -> Option<Option<u32>> {
        value
    }

    fn outcome(value: Result<u32, String>) -> Result<u32, String> {
        value
    }

    fn nothing() {}

    fn divide(dividend: i64, divisor: i64) -> Result<i64, String> {
        match divisor {
            0 => Err("division by zero".to_owned()),
            // Overflow is a trap, which tests need, too.
            divisor => Ok(dividend.checked_div(divisor).expect("no overflow")),
        }
    }
}

impl counters::Guest for EveryType {
    type Counter = Counter;

    fn find(number: u32) -> Result<counters::Counter, String> {
        match number {
            0 => Err("no counter starts at 0".to_owned()),
            number => Ok(Counter::starting_at(number)),
        }
    }

    fn pair() -> (counters::Counter, counters::Counter) {
        (Counter::starting_at(10), Counter::starting_at(20))
    }

    fn add(counter: counters::Counter, other: CounterBorrow<'_>) -> counters::Counter {
        let sum = counter.get::<Counter>().0.get() + other.get::<Counter>().0.get();
        Counter::starting_at(sum)
    }
}

struct Counter(Cell<u32>);

/// The order in which a run drops what it holds shows in standard error.
impl Drop for Counter {
    fn drop(&mut self) {
        eprintln!("the counter at {} is dropped", self.0.get());
    }
}

impl GuestCounter for Counter {
    fn new() -> Self {
        Self(Cell::new(0))
    }

    fn starting_at(number: u32) -> counters::Counter {
        counters::Counter::new(Self(Cell::new(number)))
    }

    fn next(&self) -> u32 {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }
}

export!(EveryType);
