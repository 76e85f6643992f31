package drift

// PointsSubject is the Subject of a FactRecoveryPoints about a store: its key, and
// where every Region has a store of its own of that key, the Region that it stands in.
func PointsSubject(peers bool, key, region string) string {
	if !peers {
		return key
	}
	return key + "@" + region
}
