// Package report turns one Report value into what people and machines read:
// text for terminals, Markdown for GitHub, JSON with a published schema.
//
// It owns the Report schema (lockstep.report/v1), the wording, the order and
// the escaping of untrusted text for each of its sinks, and the fitting of a
// report into a size limit. It is pure, computes no verdict, and never drops a
// blocking finding to save space.
package report
