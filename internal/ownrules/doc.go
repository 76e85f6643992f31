// Package ownrules answers: what did the team add to the catalogue, and does it
// hold?
//
// An own rule is an expression in CEL, the Common Expression Language, over the
// snapshots of the primary and of one standby and over the objectives. CEL has no
// loops but over lists, no side effects and no clock, so a rule is as
// deterministic as the two files it reads. Compile checks types when the
// configuration is checked; what cannot be evaluated afterwards is unknown.
package ownrules
