// Package githubtest is a small GitHub API for tests: the comments of a pull
// request, with what makes the real one hard. It knows what each token may do,
// pages lists, refuses bodies that are too long or have fields GitHub does not
// know, counts what it was asked, and answers wrong on request.
//
// It refuses to be more: a call that Lockstep does not make is answered with
// 404 and stays in the record, so that a test can see it.
package githubtest
