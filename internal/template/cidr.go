package template

import (
	"math/big"
	"net/netip"
	"strconv"
)

const cidrMessage = "Template error: every Fn::Cidr object requires three parameters: an IP block, a count between 1 and 256, and the number of subnet bits"

// cidr cuts count blocks of 2^bits addresses off an IPv4 or IPv6 block.
func (r *run) cidr(argument any, path string) (any, error) {
	list, ok := argument.([]any)
	if !ok || len(list) < 2 || len(list) > 3 {
		return nil, r.fail(path, cidrMessage)
	}
	words := make([]word, len(list))
	for i := range list {
		v, err := r.value(list[i], joinIndex(path, i))
		if err != nil {
			return nil, err
		}
		if items, ok := v.([]any); ok && i == 0 && len(items) == 1 { // GetAtt Vpc.Ipv6CidrBlocks
			v = items[0]
		}
		if words[i], err = r.wordOf(v, joinIndex(path, i), cidrMessage); err != nil {
			return nil, err
		}
	}
	if anyUnknown(words...) {
		parts := []string{"Fn::Cidr"}
		for _, w := range words {
			parts = append(parts, w.text)
		}
		return r.unknown(parts...), nil
	}
	block, err := netip.ParsePrefix(words[0].text)
	if err != nil {
		return nil, r.fail(path, "Template error: Fn::Cidr cannot read the IP block %q", words[0].text)
	}
	count, err := strconv.Atoi(words[1].text)
	if err != nil || count < 1 || count > 256 {
		return nil, r.fail(path, cidrMessage)
	}
	bits := block.Addr().BitLen() / 4 * 2 // without the third parameter: /64 blocks of IPv6
	if block.Addr().Is4() {
		bits = 8 // and /24 blocks of IPv4
	}
	if len(words) == 3 {
		if bits, err = strconv.Atoi(words[2].text); err != nil {
			return nil, r.fail(path, cidrMessage)
		}
	}
	blocks, ok := subBlocks(block.Masked(), count, bits)
	if !ok {
		return nil, r.fail(path, "Template error: Fn::Cidr cannot fit %d blocks with %d subnet bits into %s", count, bits, block)
	}
	return blocks, nil
}

func subBlocks(block netip.Prefix, count, bits int) ([]any, bool) {
	width := block.Addr().BitLen()
	if bits < 1 || bits > width || width-bits < block.Bits() {
		return nil, false
	}
	if free := width - bits - block.Bits(); free < 9 && count > 1<<free {
		return nil, false
	}
	next := new(big.Int).SetBytes(block.Addr().AsSlice())
	step := new(big.Int).Lsh(big.NewInt(1), uint(bits))
	out := make([]any, 0, count)
	for range count {
		addr, ok := netip.AddrFromSlice(next.FillBytes(make([]byte, width/8)))
		if !ok {
			return nil, false
		}
		out = append(out, netip.PrefixFrom(addr, width-bits).String())
		next = new(big.Int).Add(next, step)
	}
	return out, true
}
