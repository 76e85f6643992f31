// Package config turns lockstep.yml into values of the domain.
//
// It owns the file's format: one table (table.go) lists every key with its
// type, default and description. The parser, the JSON Schema for editors and
// the reference in the documentation are all made from that table. It is strict: what it does not
// know is an error, and every error carries file, line, column, the offending
// text and what to write instead. All problems are reported at once.
//
// It refuses to read anything but the one file: templates are named, not
// opened; rule ids are kept with their position for those who know the rules.
// It has no clock: whether a waiver expired is decided by the time passed in.
package config
