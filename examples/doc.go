// Package examples carries the sample application, so that `lockstep demo`
// works from the binary alone. The files are meant to be read and copied.
package examples

import "embed"

// Payments is the sample application below "payments".
//
//go:embed all:payments
var Payments embed.FS
