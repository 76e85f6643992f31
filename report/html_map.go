package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lockstep-dr/lockstep/deploy"
)

// regionMap is a drawing of the Regions and their pairs, in the units of its
// viewBox.
type regionMap struct {
	Class         string // across or down: which of the two a screen shows
	Words         string // the same for who cannot see it
	Width, Height int
	Nodes         []mapNode
	Links         []mapLink
}

type mapNode struct {
	X, Y, Width, Height int
	Mood                string
	Lines               []mapText
}

type mapLink struct {
	Path, Mood string
	X, Y       int // of the sign in the middle
	Lines      []mapText
}

type mapText struct {
	X, Y        int
	Class, Text string
}

// mapRegion is what a map says of a Region: its lines, how it is, and how it
// stands to the reference.
type mapRegion struct {
	name  string
	lines []string
	mood  mood
	link  []string
}

// mapsOf draws the Regions twice, across for wide screens and down for narrow
// ones; nothing where there is no pair.
func mapsOf(r Report) []regionMap {
	reference, peers := mapRegions(r)
	if len(peers) == 0 || r.Command == commandStrategy {
		return nil
	}
	var words []string
	for _, peer := range peers {
		words = append(words, peer.name+": "+strings.Join(peer.link, ", "))
	}
	title := "Map of the Regions. Reference: " + reference.name + ". " + strings.Join(words, "; ")
	across, down := mapAcross(reference, peers), mapDown(reference, peers)
	across.Words, down.Words = title, title
	return []regionMap{across, down}
}

func mapRegions(r Report) (reference mapRegion, peers []mapRegion) {
	if r.Deploy != nil && r.Verdict == "" && len(r.Findings) == 0 {
		return deployedRegions(r)
	}
	for _, region := range r.Regions {
		m := mapRegion{name: region.Name, lines: []string{roleAndAccount(string(region.Role), region.Account), Plural(region.Resources, "resource")}}
		if region.Release != "" {
			m.lines = append(m.lines, region.Release)
			if r.Prediction != nil {
				m.lines[len(m.lines)-1] = "runs " + region.Release + " now"
			}
		}
		if region.Name == referenceOf(r) {
			reference = m
			continue
		}
		words, how := stateOf(r, region.Name)
		m.mood, m.link = how, strings.Split(words, ", ")
		if r.Verdict == "" && how == good && words == "nothing found" {
			m.link = []string{"no drift"}
		}
		peers = append(peers, m)
	}
	return reference, peers
}

// deployedRegions are the Regions of a deploy: what they run, and whether it is
// what the reference runs.
func deployedRegions(r Report) (reference mapRegion, peers []mapRegion) {
	name := referenceOf(r)
	at := slices.IndexFunc(r.Deploy.Regions, func(d deploy.RegionResult) bool { return d.Region == name })
	if at < 0 {
		at = 0
	}
	for i, d := range r.Deploy.Regions {
		m := mapRegion{name: d.Region, lines: []string{d.Role, "runs " + runs(d.Now)}}
		if d.Now == "?" {
			m.mood = bad
		}
		if i == at {
			reference = m
			continue
		}
		first := r.Deploy.Regions[at].Now
		switch {
		case d.Now == "?" || first == "?":
			m.mood, m.link = bad, []string{"in doubt"}
		case d.Now != first:
			m.mood, m.link = bad, []string{"another release"}
		default:
			m.link = []string{"the same release"}
		}
		peers = append(peers, m)
	}
	return reference, peers
}

func roleAndAccount(role, account string) string {
	if account == "" {
		return role
	}
	return role + " · " + account
}

// Sizes of the drawings, in the units of their viewBoxes.
const (
	nodeWidth, nodeHeight = 210, 92
	mapMargin             = 4
	acrossWidth           = 760
	acrossKnee            = 120 // from the reference to where its links run level
	acrossStep            = nodeHeight + 26
	downWidth             = 330
	downStep              = nodeHeight + 82
	mapTextWidth          = 27 // characters of a Region's line
)

func mapAcross(reference mapRegion, peers []mapRegion) regionMap {
	height := len(peers)*acrossStep - (acrossStep - nodeHeight) + 2*mapMargin
	m := regionMap{Class: "across", Width: acrossWidth, Height: height}
	middle := height / 2
	m.Nodes = append(m.Nodes, referenceNode(reference, mapMargin, middle-nodeHeight/2))
	from, to := mapMargin+nodeWidth, acrossWidth-mapMargin-nodeWidth
	for i, peer := range peers {
		top := mapMargin + i*acrossStep
		y := top + nodeHeight/2
		knee, bend := from+acrossKnee, from+acrossKnee/2
		link := mapLink{Mood: moodClass[peer.mood], X: (knee + to) / 2, Y: y,
			Path: fmt.Sprintf("M%d %dC%d %d %d %d %d %dH%d", from, middle, bend, middle, bend, y, knee, y, to)}
		for n, line := range peer.link {
			link.Lines = append(link.Lines, mapText{X: link.X, Y: y + 28 + n*16, Text: shorten(line, mapTextWidth)})
		}
		m.Links = append(m.Links, link)
		m.Nodes = append(m.Nodes, nodeOf(peer, to, top))
		m.Height = max(m.Height, link.Y+28+len(peer.link)*16)
	}
	return m
}

func mapDown(reference mapRegion, peers []mapRegion) regionMap {
	m := regionMap{Class: "down", Width: downWidth, Height: len(peers)*downStep + nodeHeight + 2*mapMargin}
	const left = (downWidth - nodeWidth) / 2
	m.Nodes = append(m.Nodes, referenceNode(reference, left, mapMargin))
	for i, peer := range peers {
		top := mapMargin + (i+1)*downStep
		above := top - downStep + nodeHeight
		x, from := downWidth/2, fmt.Sprintf("M%d %d", downWidth/2, above)
		if i > 0 { // past the Regions between this one and the reference
			x = left / 2
			from = fmt.Sprintf("M%d %dH%dV%dH%d", left, mapMargin+nodeHeight/2, x, top+nodeHeight/2, left)
		} else {
			from += fmt.Sprintf("V%d", top)
		}
		link := mapLink{Mood: moodClass[peer.mood], X: x, Y: (above + top) / 2, Path: from}
		for n, line := range peer.link {
			link.Lines = append(link.Lines, mapText{X: x + 20, Y: link.Y + 5 + n*16 - (len(peer.link)-1)*8, Text: shorten(line, mapTextWidth)})
		}
		m.Links = append(m.Links, link)
		m.Nodes = append(m.Nodes, nodeOf(peer, left, top))
	}
	return m
}

func nodeOf(r mapRegion, x, y int) mapNode {
	n := mapNode{X: x, Y: y, Width: nodeWidth, Height: nodeHeight, Mood: moodClass[r.mood]}
	n.Lines = append(n.Lines, mapText{x + 14, y + 26, "name", fitted(r.name, mapTextWidth-6)})
	for i, line := range r.lines {
		n.Lines = append(n.Lines, mapText{x + 14, y + 46 + i*17, "line", fitted(line, mapTextWidth)})
	}
	return n
}

// referenceNode is the Region that the others are measured by: nobody judged it.
func referenceNode(r mapRegion, x, y int) mapNode {
	n := nodeOf(r, x, y)
	if r.mood == good {
		n.Mood = "reference"
	}
	return n
}

// fitted cuts text that would leave its box, after what clean makes of it.
func fitted(s string, limit int) string {
	s = clean(s)
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return shorten(s, limit)
}
