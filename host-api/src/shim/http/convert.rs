//! Between the port's words and the interface's.

use crate::{
    bindings::wasi::http::types::{DnsErrorPayload, ErrorCode, HeaderError, Method},
    funnel::GuestError,
    port::RequestError,
    stop::Fail,
};

impl GuestError for ErrorCode {
    const REFUSED: Self = Self::HttpRequestDenied;
}

impl GuestError for HeaderError {
    const REFUSED: Self = Self::Forbidden;
}

/// The errors that say nothing more.
impl GuestError for () {
    const REFUSED: Self = ();
}

impl From<ErrorCode> for Fail<ErrorCode> {
    fn from(error: ErrorCode) -> Self {
        Self::Guest(error)
    }
}

impl From<HeaderError> for Fail<HeaderError> {
    fn from(error: HeaderError) -> Self {
        Self::Guest(error)
    }
}

impl From<()> for Fail<()> {
    fn from((): ()) -> Self {
        Self::Guest(())
    }
}

impl From<RequestError> for ErrorCode {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::DnsTimeout => Self::DnsTimeout,
            RequestError::NameUnresolvable => {
                Self::DnsError(DnsErrorPayload { rcode: Some("NXDOMAIN".into()), info_code: None })
            }
            RequestError::Unroutable => Self::DestinationIpUnroutable,
            RequestError::ConnectionRefused => Self::ConnectionRefused,
            RequestError::ConnectionTimeout => Self::ConnectionTimeout,
            RequestError::Tls => Self::TlsProtocolError,
            RequestError::ConnectionTerminated => Self::ConnectionTerminated,
            RequestError::ResponseTimeout => Self::HttpResponseTimeout,
            RequestError::ReadTimeout => Self::ConnectionReadTimeout,
            RequestError::RequestIncomplete => Self::HttpProtocolError,
        }
    }
}

/// A method as it is sent.
pub(super) fn method_text(method: &Method) -> &str {
    match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
        Method::Connect => "CONNECT",
        Method::Options => "OPTIONS",
        Method::Trace => "TRACE",
        Method::Patch => "PATCH",
        Method::Other(name) => name,
    }
}
