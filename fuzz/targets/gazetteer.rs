#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wiredesk_fuzz::gazetteer(data));
