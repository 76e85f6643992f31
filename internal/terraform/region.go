package terraform

import (
	"cmp"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/regionname"
	"github.com/lockstep-dr/lockstep/topology"
)

// Place is one Region of the application, as names in states know it.
type Place struct {
	Region string
	// Roles are words that name the Region by the part it plays.
	Roles []string
}

// Places are the Regions with the words that name them, the reference first.
func Places(t topology.Topology) []Place {
	var list []Place
	for _, region := range t.Regions {
		list = append(list, Place{Region: region.Name, Roles: roleNames[region.Role]})
	}
	return list
}

// roleNames are the words by which people name a Region's part.
var roleNames = map[topology.Role][]string{
	topology.Primary: {"primary"}, topology.Standby: {"standby", "secondary", "dr"},
}

// where finds the Region of every resource of a state by what the state says: the
// resource's own attributes, then what holds for its provider configuration, then
// what a plan says of that, then words of its address. It returns "" for a resource about which nothing is said.
func where(resources []Resource, places []Place) []string {
	regions := make([]string, len(resources))
	byConfig := map[string]string{}
	for i, r := range resources {
		regions[i] = ownRegion(r)
		if regions[i] == "" || r.Provider.Config == "" {
			continue
		}
		if known, seen := byConfig[r.Provider.Config]; seen && known != regions[i] {
			byConfig[r.Provider.Config] = "" // one configuration, many Regions: version 6 of the provider
			continue
		}
		byConfig[r.Provider.Config] = regions[i]
	}
	for i, r := range resources {
		if regions[i] == "" && !isGlobal(r.Type) {
			regions[i] = cmp.Or(byConfig[r.Provider.Config], r.place)
		}
		if regions[i] == "" {
			regions[i] = spokenOf(r, places)
		}
	}
	return regions
}

// ownRegion is the Region that a resource's attributes name: in its ARN, in the
// attribute that version 6 of the provider gives every resource, in an address.
func ownRegion(r Resource) string {
	for _, attribute := range []string{"arn", "id"} {
		if text, ok := r.Text(attribute); ok {
			if fields := strings.SplitN(text, ":", 6); len(fields) == 6 && fields[0] == "arn" && fields[3] != "" {
				return fields[3]
			}
		}
	}
	if isGlobal(r.Type) {
		return ""
	}
	if region, ok := r.Text("region"); ok && topology.IsRegionCode(region) {
		return region
	}
	for _, attribute := range []string{"url", "queue_url", "availability_zone"} {
		text, _ := r.Text(attribute)
		if _, rest, ok := strings.Cut(text, "https://sqs."); ok {
			region, _, _ := strings.Cut(rest, ".")
			return region
		}
		if attribute == "availability_zone" && len(text) > 1 && topology.IsRegionCode(text[:len(text)-1]) {
			return text[:len(text)-1]
		}
	}
	return ""
}

// spokenOf is the one Region whose code or role the address speaks of; a code
// goes before a role, and two of a kind say nothing.
func spokenOf(r Resource, places []Place) string {
	for _, say := range []func(Place) regionname.Words{codeWords, roleWords} {
		found := ""
		for _, p := range places {
			if !r.mentions(say(p)) {
				continue
			}
			if found != "" {
				return ""
			}
			found = p.Region
		}
		if found != "" {
			return found
		}
	}
	return ""
}

func codeWords(p Place) regionname.Words { return regionname.Of(p.Region, nil) }

func roleWords(p Place) regionname.Words {
	words := regionname.Words{}
	for _, role := range p.Roles {
		words[role] = ""
	}
	return words
}

// isGlobal reports whether a type's resources exist once for all Regions.
func isGlobal(typ string) bool {
	for _, prefix := range []string{"aws_iam_", "aws_route53_", "aws_cloudfront_", "aws_globalaccelerator_", "aws_organizations_"} {
		if strings.HasPrefix(typ, prefix) {
			return !strings.HasPrefix(typ, "aws_route53_resolver_")
		}
	}
	return false
}
