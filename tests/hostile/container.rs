//! A model file taken apart as anybody could, without the loader: a length, a JSON header, the data.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::targets::repaired;

/// The parts of a safetensors file.
pub struct Container {
    /// Type, shape and place of each array; `__metadata__` as well.
    pub header: Map<String, Value>,
    /// All arrays, one after another.
    pub data: Vec<u8>,
}

impl Container {
    pub fn open(file: &[u8]) -> Self {
        let length = u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
        Container { header: serde_json::from_slice(&file[8..8 + length]).unwrap(), data: file[8 + length..].to_vec() }
    }

    /// The file again, with the right checksum.
    pub fn close(&self) -> Vec<u8> {
        let mut header = serde_json::to_vec(&self.header).unwrap();
        while !header.len().is_multiple_of(8) {
            header.push(b' ');
        }
        let file = [&(header.len() as u64).to_le_bytes(), &header[..], &self.data].concat();
        repaired(&file).unwrap_or(file)
    }

    /// Names and places of the arrays.
    pub fn arrays(&self) -> BTreeMap<String, (usize, usize)> {
        let place = |value: &Value, i: usize| value["data_offsets"][i].as_u64().unwrap() as usize;
        let arrays = self.header.iter().filter(|(name, _)| *name != "__metadata__");
        arrays.map(|(name, about)| (name.clone(), (place(about, 0), place(about, 1)))).collect()
    }

    pub fn dtype(&self, name: &str) -> &str {
        self.header[name]["dtype"].as_str().unwrap()
    }

    pub fn set(&mut self, name: &str, key: &str, value: Value) {
        self.header[name][key] = value;
    }

    /// Replaces a piece of the metadata, which must be there.
    pub fn replace(&mut self, from: &str, to: &str) {
        let metadata = self.header["__metadata__"]["wiredesk"].as_str().unwrap();
        assert!(metadata.contains(from), "{from} is not in {metadata}");
        let replaced = metadata.replacen(from, to, 1);
        self.header["__metadata__"] = json!({ "wiredesk": replaced });
    }
}
