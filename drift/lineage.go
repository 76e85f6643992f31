package drift

import "slices"

// Images of one name and owner are taken for one image: AWS and the marketplace
// publish theirs so. Where EC2 says what an image was copied from, that decides:
// a copy under another name is the same image, and one of like name that was
// copied from something else is not.

// imageID is an image by its Region and id.
type imageID struct{ region, id string }

// lineage is what an image is, and what it was copied from if that is known.
type lineage struct{ self, source imageID }

// lineageOf reads the lineage of an image; false for anything else.
func (s *side) lineageOf(id string, c content) (lineage, bool) {
	source, _ := c.fact["SourceImageId"].(string)
	region, _ := c.fact["SourceImageRegion"].(string)
	return lineage{imageID{s.region(), id}, imageID{region, source}}, c.kind == kindImage
}

// related reports whether two images are copies of one another or of one of a
// third Region. Of the same Region an image need be no copy: one made of a
// server names the image that the server started from.
func (l lineage) related(other lineage) bool {
	third := l.source.region != l.self.region && l.source.region != other.self.region
	return l.self == other.source || l.source == other.self || third && l.akin(other)
}

// akin reports whether two images come from one.
func (l lineage) akin(other lineage) bool {
	return l.source.id != "" && l.source == other.source
}

// apart reports whether what they were copied from shows that they are not one:
// one comes from another image of the other's Region, or both from images of a
// third Region.
func (l lineage) apart(other lineage) bool {
	fromThere := l.source.id != "" && l.source.region == other.self.region
	fromHere := other.source.id != "" && other.source.region == l.self.region
	third := l.source.id != "" && other.source.id != "" && l.source.region == other.source.region
	return (fromThere || fromHere || third) && !l.related(other) && !l.akin(other)
}

// relate settles by lineage which images of the two Regions are one.
func (c *comparer) relate(ours, theirs contents) {
	for _, id := range sortedKeys(theirs) {
		there := theirs[id]
		mine, isImage := c.standby.lineageOf(id, there)
		if !isImage {
			continue
		}
		twins := slices.DeleteFunc(sortedKeys(ours), func(other string) bool {
			l, isImage := c.primary.lineageOf(other, ours[other])
			return !isImage || !l.related(mine)
		})
		strangers := slices.DeleteFunc(sortedKeys(ours), func(other string) bool {
			l, isImage := c.primary.lineageOf(other, ours[other])
			return !isImage || ours[other].symbol != there.symbol || !l.apart(mine)
		})
		switch {
		case len(twins) > 0:
			there.symbol = ours[twins[0]].symbol
		case len(strangers) > 0:
			there.symbol += ":" + id
			there.apart = true
		}
		theirs[id] = there
	}
}
