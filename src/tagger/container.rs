//! The file around a model: a safetensors container with one metadata key and a hash over everything.
//!
//! Integers are stored in the narrowest of one, two, four or eight bytes that holds the largest of them, so equal
//! models are equal bytes and most arrays take a byte or two a number.

use std::collections::{BTreeMap, HashMap};

use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::ModelError;

/// The only metadata key; safetensors would write several in random order.
const KEY: &str = "wiredesk";
/// What stands in the metadata in place of the digits while the hash is taken.
const NO_DIGEST: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// How the digits are found in the header: the metadata is JSON inside a JSON string.
const BEFORE_DIGEST: &[u8] = br#"\"blake3\":\""#;

/// Arrays of integers by name, in the making or as read.
#[derive(Debug, Default)]
pub(super) struct Arrays {
    tensors: BTreeMap<String, (Dtype, Vec<u8>)>,
}

impl Arrays {
    /// Adds bytes.
    pub(super) fn put_bytes(&mut self, name: impl Into<String>, bytes: &[u8]) {
        self.tensors.insert(name.into(), (Dtype::U8, bytes.to_vec()));
    }

    /// Adds integers in their narrowest form.
    pub(super) fn put(&mut self, name: impl Into<String>, values: &[u64]) {
        self.put_integers(name.into(), values, |&v| v);
    }

    /// Adds 32-bit integers in their narrowest form.
    pub(super) fn put_u32(&mut self, name: impl Into<String>, values: &[u32]) {
        self.put_integers(name.into(), values, |&v| u64::from(v));
    }

    fn put_integers<T>(&mut self, name: String, values: &[T], value: impl Fn(&T) -> u64) {
        let bytes = match values.iter().map(&value).max().unwrap_or(0) {
            0..=0xFF => (Dtype::U8, values.iter().map(|v| value(v) as u8).collect()),
            0x100..=0xFFFF => (Dtype::U16, values.iter().flat_map(|v| (value(v) as u16).to_le_bytes()).collect()),
            0x1_0000..=0xFFFF_FFFF => {
                (Dtype::U32, values.iter().flat_map(|v| (value(v) as u32).to_le_bytes()).collect())
            }
            _ => (Dtype::U64, values.iter().flat_map(|v| value(v).to_le_bytes()).collect()),
        };
        self.tensors.insert(name, bytes);
    }

    /// Adds numbers.
    pub(super) fn put_f32(&mut self, name: impl Into<String>, values: &[f32]) {
        let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.tensors.insert(name.into(), (Dtype::F32, bytes));
    }

    /// Adds small signed integers.
    pub(super) fn put_i8(&mut self, name: impl Into<String>, values: &[i8]) {
        let bytes = values.iter().map(|v| v.cast_unsigned()).collect();
        self.tensors.insert(name.into(), (Dtype::I8, bytes));
    }

    /// The file. `metadata` is JSON that holds `"blake3":""`.
    pub(super) fn to_file(&self, metadata: &str) -> Result<Vec<u8>, ModelError> {
        let metadata = metadata.replacen(r#""blake3":"""#, &format!(r#""blake3":"{NO_DIGEST}""#), 1);
        let container = |e: safetensors::SafeTensorError| ModelError::Container(e.to_string());
        let mut views = Vec::with_capacity(self.tensors.len());
        for (name, (dtype, bytes)) in &self.tensors {
            let length = bytes.len() * 8 / dtype.bitsize();
            views.push((name.as_str(), TensorView::new(*dtype, vec![length], bytes).map_err(container)?));
        }
        let metadata = HashMap::from([(KEY.to_owned(), metadata)]);
        let mut file = safetensors::serialize(views, Some(metadata)).map_err(container)?;
        let digest = digest_place(&file).ok_or_else(|| ModelError::Inconsistent("no place for the hash".into()))?;
        let hash = blake3::hash(&file).to_hex();
        file[digest].copy_from_slice(hash.as_bytes());
        Ok(file)
    }
}

/// A file whose hash is right, and its metadata.
pub(super) struct Opened<'b> {
    tensors: SafeTensors<'b>,
    /// The JSON under our key.
    pub(super) metadata: String,
}

impl<'b> Opened<'b> {
    /// Checks the container, its key and its hash.
    pub(super) fn new(file: &'b [u8]) -> Result<Self, ModelError> {
        let container = |e: safetensors::SafeTensorError| ModelError::Container(e.to_string());
        let (_, header) = SafeTensors::read_metadata(file).map_err(container)?;
        let ours = header.metadata().as_ref().and_then(|m| if m.len() == 1 { m.get(KEY) } else { None });
        let metadata = ours.ok_or(ModelError::Foreign)?.clone();
        let digest = digest_place(file).ok_or(ModelError::Hash)?;
        let mut hasher = blake3::Hasher::new();
        hasher.update(&file[..digest.start]).update(NO_DIGEST.as_bytes()).update(&file[digest.end..]);
        if hasher.finalize().to_hex().as_bytes() != &file[digest] {
            return Err(ModelError::Hash);
        }
        let tensors = SafeTensors::deserialize(file).map_err(container)?;
        Ok(Opened { tensors, metadata })
    }

    /// Whether there is an array of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.tensors.tensor(name).is_ok()
    }

    fn tensor(&self, name: &str) -> Result<TensorView<'_>, ModelError> {
        self.tensors.tensor(name).map_err(|_| ModelError::Inconsistent(format!("array `{name}` is missing")))
    }

    /// Bytes that are text.
    pub(super) fn text(&self, name: &str) -> Result<String, ModelError> {
        let bytes = self.tensor(name)?.data().to_vec();
        String::from_utf8(bytes).map_err(|_| ModelError::Inconsistent(format!("array `{name}` is not UTF-8")))
    }

    /// Integers of any width.
    pub(super) fn integers(&self, name: &str) -> Result<Vec<u64>, ModelError> {
        self.map_integers(name, Some)
    }

    /// Integers that fit 32 bits.
    pub(super) fn integers_u32(&self, name: &str) -> Result<Vec<u32>, ModelError> {
        self.map_integers(name, |v| u32::try_from(v).ok())
    }

    /// Numbers.
    pub(super) fn floats(&self, name: &str) -> Result<Vec<f32>, ModelError> {
        let tensor = self.typed(name, Dtype::F32)?;
        let value = |b: &[u8]| f32::from_le_bytes([b[0], b[1], b[2], b[3]]);
        Ok(tensor.data().chunks_exact(4).map(value).collect())
    }

    /// Small signed integers.
    pub(super) fn bytes(&self, name: &str) -> Result<Vec<i8>, ModelError> {
        Ok(self.typed(name, Dtype::I8)?.data().iter().map(|b| b.cast_signed()).collect())
    }

    fn typed(&self, name: &str, dtype: Dtype) -> Result<TensorView<'_>, ModelError> {
        let tensor = self.tensor(name)?;
        if tensor.dtype() != dtype {
            let found = tensor.dtype();
            return Err(ModelError::Inconsistent(format!("array `{name}` has type {found:?}, not {dtype:?}")));
        }
        Ok(tensor)
    }

    fn map_integers<T>(&self, name: &str, to: impl Fn(u64) -> Option<T>) -> Result<Vec<T>, ModelError> {
        let tensor = self.tensor(name)?;
        let width = match tensor.dtype() {
            Dtype::U8 => 1,
            Dtype::U16 => 2,
            Dtype::U32 => 4,
            Dtype::U64 => 8,
            other => return Err(ModelError::Inconsistent(format!("array `{name}` has type {other:?}, not integers"))),
        };
        let value = |bytes: &[u8]| {
            let mut wide = [0; 8];
            wide[..width].copy_from_slice(bytes);
            to(u64::from_le_bytes(wide))
        };
        let values: Option<Vec<T>> = tensor.data().chunks_exact(width).map(value).collect();
        values.ok_or_else(|| ModelError::Inconsistent(format!("array `{name}` has a number out of range")))
    }
}

/// Where the digits of the hash stand: behind their key, within the header.
fn digest_place(file: &[u8]) -> Option<std::ops::Range<usize>> {
    let length = u64::from_le_bytes(file.get(..8)?.try_into().ok()?);
    let header_end = usize::try_from(length).ok()?.checked_add(8)?;
    let start = memchr::memmem::find(file.get(..header_end)?, BEFORE_DIGEST)? + BEFORE_DIGEST.len();
    let end = start + NO_DIGEST.len();
    (end <= header_end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_take_the_narrowest_width_and_come_back() {
        let mut arrays = Arrays::default();
        for (name, values) in
            [("a", vec![0, 255]), ("b", vec![256]), ("c", vec![65536, 1]), ("d", vec![1 << 40]), ("e", vec![])]
        {
            arrays.put(name, &values);
        }
        let widths: Vec<Dtype> = arrays.tensors.values().map(|t| t.0).collect();
        assert_eq!(widths, [Dtype::U8, Dtype::U16, Dtype::U32, Dtype::U64, Dtype::U8]);
        let file = arrays.to_file(r#"{"blake3":"","x":1}"#).unwrap();
        let opened = Opened::new(&file).unwrap();
        assert_eq!(opened.integers("c").unwrap(), [65536, 1]);
        assert_eq!(opened.integers("e").unwrap(), [0u64; 0]);
        assert!(opened.integers_u32("d").is_err());
        assert!(opened.integers("f").is_err());
    }

    #[test]
    fn any_changed_bit_is_noticed() {
        let mut arrays = Arrays::default();
        arrays.put("numbers", &[1, 2, 3]);
        let file = arrays.to_file(r#"{"blake3":""}"#).unwrap();
        assert!(Opened::new(&file).is_ok());
        for bit in 0..file.len() * 8 {
            let mut broken = file.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            assert!(Opened::new(&broken).is_err(), "bit {bit}");
        }
        for end in 0..file.len() {
            assert!(Opened::new(&file[..end]).is_err(), "cut at {end}");
        }
    }
}
