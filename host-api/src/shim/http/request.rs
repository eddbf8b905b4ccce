//! `outgoing-request`

use invar_trace::functions::http as f;
use wasmtime::component::Resource;

use super::{
    Fields, OutgoingRequest,
    authority::Authority,
    syntax::{is_path_with_query, is_scheme, is_token},
};
use crate::{
    Context, Membrane, Shim,
    bindings::wasi::http::types::{
        Headers, HostOutgoingRequest, HostOutgoingRequestWithStore, Method, OutgoingBody,
        OutgoingRequest as RequestHandle, Scheme,
    },
    funnel::{Host, infallible, unchecked},
    handles::Handle,
    port::FieldList,
    shim::no_methods,
    stop::{Outcome, Stop},
};

no_methods!(HostOutgoingRequest);

type HostResult<T> = wasmtime::Result<Result<T, ()>>;

/// What `content-length` says, if it says one number.
pub(super) fn content_length(headers: &FieldList) -> Result<Option<u64>, ()> {
    let mut all = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let Some((_, first)) = all.next() else { return Ok(None) };
    let is_same = all.all(|(_, value)| value == first);
    let number =
        std::str::from_utf8(first).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    number.filter(|_| is_same).and_then(|text| text.parse().ok()).map(Some).ok_or(())
}

impl Context {
    /// Takes the fields that a handle stood for.
    pub(super) fn take_fields<T: 'static>(&mut self, fields: &Resource<T>) -> Result<Fields, Stop> {
        let taken = self.handles.fields(fields)?.clone();
        self.handles.close(fields)?;
        Ok(taken)
    }

    fn set_request<T>(
        &mut self,
        request: &Resource<RequestHandle>,
        value: T,
        is_valid: impl FnOnce(&T) -> bool,
        set: impl FnOnce(&mut OutgoingRequest, T),
    ) -> Outcome<(), ()> {
        let request = self.handles.request(request)?;
        if !is_valid(&value) {
            return Err(().into());
        }
        set(request, value);
        Ok(())
    }
}

impl HostOutgoingRequestWithStore<Membrane> for Shim {
    fn new(host: Host<'_>, headers: Resource<Headers>) -> wasmtime::Result<Resource<RequestHandle>> {
        let request = (&headers,);
        infallible(host, f::OUTGOING_REQUEST_NEW, &request, (), |context, _| {
            let headers = context.take_fields(&headers)?.list().clone();
            context.handles.open(Handle::Request(Box::new(OutgoingRequest {
                method: Method::Get,
                scheme: None,
                authority: None,
                path_with_query: None,
                headers,
                body: None,
            })))
        })
    }

    fn body(host: Host<'_>, handle: Resource<RequestHandle>) -> HostResult<Resource<OutgoingBody>> {
        let request = (&handle,);
        unchecked(host, f::OUTGOING_REQUEST_BODY, &request, |context| {
            let outgoing = context.handles.request(&handle)?;
            let expected = content_length(&outgoing.headers)?;
            if outgoing.body.is_some() {
                return Err(().into());
            }
            let body = context.http.open(expected, false);
            outgoing.body = Some(body);
            Ok(context.handles.open(Handle::OutgoingBody(body))?)
        })
    }

    fn method(host: Host<'_>, handle: Resource<RequestHandle>) -> wasmtime::Result<Method> {
        let request = (&handle,);
        infallible(host, f::OUTGOING_REQUEST_METHOD, &request, (), |context, _| {
            Ok(context.handles.request(&handle)?.method.clone())
        })
    }

    fn set_method(host: Host<'_>, handle: Resource<RequestHandle>, method: Method) -> HostResult<()> {
        let request = (&handle, &method);
        unchecked(host, f::OUTGOING_REQUEST_SET_METHOD, &request, |context| {
            let is_valid = |method: &Method| match method {
                Method::Other(name) => is_token(name),
                _ => true,
            };
            context.set_request(&handle, method.clone(), is_valid, |request, value| request.method = value)
        })
    }

    fn path_with_query(host: Host<'_>, handle: Resource<RequestHandle>) -> wasmtime::Result<Option<String>> {
        let request = (&handle,);
        infallible(host, f::OUTGOING_REQUEST_PATH_WITH_QUERY, &request, (), |context, _| {
            Ok(context.handles.request(&handle)?.path_with_query.clone())
        })
    }

    fn set_path_with_query(
        host: Host<'_>,
        handle: Resource<RequestHandle>,
        path: Option<String>,
    ) -> HostResult<()> {
        let request = (&handle, &path);
        unchecked(host, f::OUTGOING_REQUEST_SET_PATH_WITH_QUERY, &request, |context| {
            let is_valid = |path: &Option<String>| path.as_deref().is_none_or(is_path_with_query);
            context.set_request(&handle, path.clone(), is_valid, |request, value| {
                request.path_with_query = value;
            })
        })
    }

    fn scheme(host: Host<'_>, handle: Resource<RequestHandle>) -> wasmtime::Result<Option<Scheme>> {
        let request = (&handle,);
        infallible(host, f::OUTGOING_REQUEST_SCHEME, &request, (), |context, _| {
            Ok(context.handles.request(&handle)?.scheme.clone())
        })
    }

    fn set_scheme(host: Host<'_>, handle: Resource<RequestHandle>, scheme: Option<Scheme>) -> HostResult<()> {
        let request = (&handle, &scheme);
        unchecked(host, f::OUTGOING_REQUEST_SET_SCHEME, &request, |context| {
            let is_valid = |scheme: &Option<Scheme>| match scheme {
                Some(Scheme::Other(name)) => is_scheme(name),
                _ => true,
            };
            context.set_request(&handle, scheme.clone(), is_valid, |request, value| request.scheme = value)
        })
    }

    fn authority(host: Host<'_>, handle: Resource<RequestHandle>) -> wasmtime::Result<Option<String>> {
        let request = (&handle,);
        infallible(host, f::OUTGOING_REQUEST_AUTHORITY, &request, (), |context, _| {
            Ok(context.handles.request(&handle)?.authority.clone())
        })
    }

    fn set_authority(
        host: Host<'_>,
        handle: Resource<RequestHandle>,
        authority: Option<String>,
    ) -> HostResult<()> {
        let request = (&handle, &authority);
        unchecked(host, f::OUTGOING_REQUEST_SET_AUTHORITY, &request, |context| {
            let is_valid = |authority: &Option<String>| {
                authority.as_deref().is_none_or(|authority| Authority::parse(authority).is_some())
            };
            context
                .set_request(&handle, authority.clone(), is_valid, |request, value| request.authority = value)
        })
    }

    fn headers(host: Host<'_>, handle: Resource<RequestHandle>) -> wasmtime::Result<Resource<Headers>> {
        let request = (&handle,);
        infallible(host, f::OUTGOING_REQUEST_HEADERS, &request, (), |context, _| {
            let fields = Fields::of_message(&context.handles.request(&handle)?.headers);
            context.handles.open(Handle::Fields(fields))
        })
    }

    fn drop(host: Host<'_>, handle: Resource<RequestHandle>) -> wasmtime::Result<()> {
        let request = (&handle,);
        infallible(host, f::OUTGOING_REQUEST_DROP, &request, (), |context, _| {
            if let Handle::Request(request) = context.handles.close(&handle)? {
                context.http.give_up(request.body);
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::content_length;
    use crate::port::FieldList;

    #[test]
    fn a_content_length_is_one_number() {
        let length = |values: &[&str]| {
            let fields = values.iter().map(|value| ("Content-Length".to_owned(), value.as_bytes().to_vec()));
            content_length(&FieldList::new(fields.collect()))
        };
        assert_eq!(length(&[]), Ok(None));
        assert_eq!(length(&["12"]), Ok(Some(12)));
        assert_eq!(length(&["12", "12"]), Ok(Some(12)));
        for bad in [["12", "13"], ["-1", "-1"], ["", ""], ["99999999999999999999", "99999999999999999999"]] {
            assert_eq!(length(&bad), Err(()), "{bad:?}");
        }
    }
}
