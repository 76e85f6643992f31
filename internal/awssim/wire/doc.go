// Package wire speaks the protocols of AWS: it turns an HTTP request into the name of a service, an operation and a tree of
// input, and a tree of output or an Error into an HTTP response. It owns awsQuery, ec2Query, awsJson 1.0 and 1.1,
// rpc-v2-cbor, rest-json and rest-xml, and chooses by what the request says, so a service implements an operation once.
//
// A handler returns a tree of Object (or map[string]any), slices, strings, booleans, numbers, time.Time, []byte and Map.
// Nil members are left out. A handler that needs to control status, headers or a raw body returns *Raw.
//
// It refuses to know any service, and to guess: what it cannot decode is an Error in the caller's own dialect.
package wire
