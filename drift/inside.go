package drift

import (
	"fmt"
	"math/big"
	"net/netip"
	"strings"
)

// An address range of a network stands for the network (ownRanges). One inside
// of it, or an address, is a place there: the second /20 of the VPC, the third
// address of the subnet. Two Regions of one source have it at other addresses,
// and one of the primary's network is nowhere in the standby's.

// network is a block of a Region's own and what it belongs to.
type network struct {
	block  netip.Prefix
	symbol string
	key    string
}

// networksOf lists the blocks that resources of a Region have of their own.
func (v *view) networksOf(c *classes) []network {
	var list []network
	for i := range v.snapshot.Resources {
		r := &v.snapshot.Resources[i]
		for _, t := range ownRanges {
			if t.Type != r.Type {
				continue
			}
			text, known := r.Properties[t.Property].(string)
			if !known {
				text = r.Identities[t.Property]
			}
			if block, err := netip.ParsePrefix(text); err == nil {
				key := v.of(r.Key)
				list = append(list, network{block.Masked(), c.find(symbolOf(key, t.Property)), key})
			}
		}
	}
	return list
}

// inside finds the network in which a whole text is an address or a range: one
// of the own Region before one of the other, and the smallest of several.
func (c *canoniser) inside(v string) (mention, bool) {
	if len(c.networks)+len(c.peers) == 0 || !addressLike(v) {
		return mention{}, false
	}
	block, err := netip.ParsePrefix(v)
	suffix := fmt.Sprintf("/%d", block.Bits())
	if err != nil {
		address, err := netip.ParseAddr(v)
		if err != nil {
			return mention{}, false
		}
		block, suffix = netip.PrefixFrom(address, address.BitLen()), ""
	}
	at, peer := smallest(c.networks, block), false
	if at == nil {
		at, peer = smallest(c.peers, block), true
	}
	if at == nil {
		return mention{}, false
	}
	return mention{place: placeResource, symbol: fmt.Sprintf("%s+%s%s", at.symbol, offset(at.block, block), suffix), key: at.key, text: v, peer: peer, within: true}, true
}

func smallest(list []network, block netip.Prefix) *network {
	var found *network
	for i := range list {
		n := &list[i]
		if n.block.Contains(block.Addr()) && n.block.Bits() <= block.Bits() && (found == nil || n.block.Bits() > found.block.Bits()) {
			found = n
		}
	}
	return found
}

// addressLike tells cheaply what can be no address.
func addressLike(v string) bool {
	if len(v) < len("1.1.1.1") || len(v) > len("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128") {
		return false
	}
	return v[0] >= '0' && v[0] <= '9' || strings.Count(v, ":") > 1
}

// offset is how many addresses a range begins after its network does.
func offset(network, block netip.Prefix) string {
	here, there := network.Addr().As16(), block.Addr().As16()
	return new(big.Int).Sub(new(big.Int).SetBytes(there[:]), new(big.Int).SetBytes(here[:])).String()
}
