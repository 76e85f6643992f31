// Package probe answers one question: what does the application say in this very Region, past failover?
//
// It owns one HTTP request and what may be trusted of its answer. It follows no redirect, uses no proxy, verifies the
// certificate against the name that clients use, and connects to no address that is not public unless the configuration
// allows it: the address is looked at when it is dialled, so that a name that resolves anew changes nothing.
package probe
