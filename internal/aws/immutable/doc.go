// Package immutable remembers what AWS can never change, so that it is asked for once.
//
// It owns the list of such things (Kind), what is kept of each, and the files that carry them from one run to the next: one for
// each account and Region, with a digest over its content. A file that is damaged, of another account, Region, endpoint or
// version, too large or too old is as good as none: the question is asked again.
//
// It refuses three things. Nothing is kept whose existence is not proven by a call of the same run: a thing that was deleted
// must not live on in a file. Nothing is kept that could hold a secret, by its type and not by its look. And no failure is kept:
// what was refused or not answered is asked for again.
package immutable
