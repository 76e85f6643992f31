// Package examples carries the sample application and the workflows, so that
// `lockstep demo` and `lockstep init` work from the binary alone. The files are meant to be read and copied.
package examples

import "embed"

// Payments is the sample application below "payments".
//
//go:embed all:payments
var Payments embed.FS

// Workflows are the workflows below "workflows".
//
//go:embed workflows
var Workflows embed.FS
