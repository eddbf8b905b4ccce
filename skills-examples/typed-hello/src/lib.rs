//! Greets: a skill with the typed entry point.

wit_bindgen::generate!({ path: "../../wit", world: "skill", generate_all });

struct Hello;

impl Guest for Hello {
    fn invoke(input: Vec<u8>) -> Result<Vec<u8>, String> {
        let name = String::from_utf8(input).map_err(|_| "the name is not text".to_owned())?;
        match name.trim() {
            "" => Err("nobody to greet".to_owned()),
            name => Ok(format!("Hello, {name}!\n").into_bytes()),
        }
    }
}

export!(Hello);
