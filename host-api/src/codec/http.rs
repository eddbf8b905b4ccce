//! The values of `wasi:http/types`.

use minicbor::{Decoder, decode};

use super::{Decode, Encode, Out, case};
use crate::bindings::wasi::http::types::{
    DnsErrorPayload, ErrorCode, FieldSizePayload, HeaderError, Method, Scheme, TlsAlertReceivedPayload,
};

records! {
    DnsErrorPayload { rcode, info_code }
    TlsAlertReceivedPayload { alert_id, alert_message }
    FieldSizePayload { field_name, field_size }
}

/// Variants by their case, in the order of the WIT.
macro_rules! variants {
    ($($type:ty { $($number:literal $case:ident $(($value:ident))?),+ $(,)? })*) => {$(
        impl Encode for $type {
            fn encode(&self, out: &mut Out<'_>) {
                match self {
                    $(Self::$case $(($value))? => variants!(@record out, $number $(, $value)?),)+
                }
            }
        }
        impl Decode for $type {
            fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
                d.array()?;
                match d.u8()? {
                    $($number => variants!(@read d, Self::$case $(, $value)?),)+
                    _ => Err(decode::Error::message("no such case")),
                }
            }
        }
    )*};
    (@record $out:expr, $number:literal) => { case($out, $number, &()) };
    (@record $out:expr, $number:literal, $value:ident) => { case($out, $number, $value) };
    (@read $d:expr, $case:expr) => { $d.null().map(|()| $case) };
    (@read $d:expr, $case:expr, $value:ident) => { Decode::decode($d).map($case) };
}

variants! {
    Method {
        0 Get, 1 Head, 2 Post, 3 Put, 4 Delete, 5 Connect, 6 Options, 7 Trace, 8 Patch, 9 Other(name),
    }
    Scheme { 0 Http, 1 Https, 2 Other(name) }
    HeaderError { 0 InvalidSyntax, 1 Forbidden, 2 Immutable }
    ErrorCode {
        0 DnsTimeout,
        1 DnsError(payload),
        2 DestinationNotFound,
        3 DestinationUnavailable,
        4 DestinationIpProhibited,
        5 DestinationIpUnroutable,
        6 ConnectionRefused,
        7 ConnectionTerminated,
        8 ConnectionTimeout,
        9 ConnectionReadTimeout,
        10 ConnectionWriteTimeout,
        11 ConnectionLimitReached,
        12 TlsProtocolError,
        13 TlsCertificateError,
        14 TlsAlertReceived(payload),
        15 HttpRequestDenied,
        16 HttpRequestLengthRequired,
        17 HttpRequestBodySize(bytes),
        18 HttpRequestMethodInvalid,
        19 HttpRequestUriInvalid,
        20 HttpRequestUriTooLong,
        21 HttpRequestHeaderSectionSize(bytes),
        22 HttpRequestHeaderSize(payload),
        23 HttpRequestTrailerSectionSize(bytes),
        24 HttpRequestTrailerSize(payload),
        25 HttpResponseIncomplete,
        26 HttpResponseHeaderSectionSize(bytes),
        27 HttpResponseHeaderSize(payload),
        28 HttpResponseBodySize(bytes),
        29 HttpResponseTrailerSectionSize(bytes),
        30 HttpResponseTrailerSize(payload),
        31 HttpResponseTransferCoding(name),
        32 HttpResponseContentCoding(name),
        33 HttpResponseTimeout,
        34 HttpUpgradeFailed,
        35 HttpProtocolError,
        36 LoopDetected,
        37 ConfigurationError,
        38 InternalError(message),
    }
}

#[cfg(test)]
mod tests {
    use invar_trace::{functions, to_json};
    use minicbor::Decoder;
    use serde_json::json;

    use super::{Decode, Encode, ErrorCode, Method, Out};

    fn recorded(value: &dyn Encode) -> Vec<u8> {
        let mut bytes = Vec::new();
        value.encode(&mut Out::new(&mut bytes));
        bytes
    }

    #[test]
    fn an_error_reads_as_json_of_the_wit_type_and_back() {
        let answer: Option<Result<Result<u32, ErrorCode>, ()>> =
            Some(Ok(Err(ErrorCode::HttpRequestBodySize(Some(7)))));
        let bytes = recorded(&answer);
        let ty = functions::http::FUTURE_INCOMING_RESPONSE_GET.get().unwrap().answer;
        let json = to_json(ty.as_ref(), &bytes).unwrap();
        assert_eq!(json, json!({ "ok": { "err": { "HTTP-request-body-size": 7 } } }));
        let read = Option::<Result<Result<u32, ErrorCode>, ()>>::decode(&mut Decoder::new(&bytes)).unwrap();
        assert!(matches!(read, Some(Ok(Err(ErrorCode::HttpRequestBodySize(Some(7)))))));
    }

    #[test]
    fn every_case_is_the_one_of_its_number() {
        let ty = functions::http::OUTGOING_REQUEST_METHOD.get().unwrap().answer;
        let name = |method: Method| to_json(ty.as_ref(), &recorded(&method)).unwrap();
        assert_eq!(name(Method::Get), "get");
        assert_eq!(name(Method::Patch), "patch");
        assert_eq!(name(Method::Other("X".into())), json!({ "other": "X" }));
        let ty = functions::outgoing_handler::HANDLE.get().unwrap().answer;
        let name = |error: ErrorCode| {
            let answer: Result<u32, ErrorCode> = Err(error);
            to_json(ty.as_ref(), &recorded(&answer)).unwrap()["err"].clone()
        };
        assert_eq!(name(ErrorCode::DnsTimeout), "DNS-timeout");
        assert_eq!(name(ErrorCode::HttpRequestDenied), "HTTP-request-denied");
        assert_eq!(name(ErrorCode::HttpProtocolError), "HTTP-protocol-error");
        assert_eq!(name(ErrorCode::ConfigurationError), "configuration-error");
    }
}
