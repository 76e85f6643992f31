// Package ledger keeps an application's memory in each of its Regions: which
// release runs there, which deploy is under way, who holds the lock, and the
// saved state that leads back. It is made of SSM parameters under
// /lockstep/<app>/, so it needs no resource to be created first and no other
// Region to be read:
//
//	release    the release that runs; SSM keeps its last hundred versions
//	decision   the deploy that has not ended, and whether it was committed
//	lock       the holder, with a lease
//	freeze     that, and why, nobody may deploy
//	break-glass  who let a change pass although the standby was not ready, and
//	           why; SSM keeps its last hundred versions, too
//	image/...  the state of each target in each of the last ten releases that
//	           was replaced since, compressed and encrypted
//
// It refuses to take "cannot be read" for "is not there", and the type that
// reads cannot write. What the entries mean is package deploy's business.
package ledger
