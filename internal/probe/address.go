package probe

import (
	"context"
	"fmt"
	"net/netip"
	"syscall"
)

// forbiddenError is an address that may not be dialled.
type forbiddenError struct {
	address netip.Addr
	why     string
}

func (e *forbiddenError) Error() string {
	return fmt.Sprintf("its address %s is %s", e.address, e.why)
}

// never are addresses that no probe asks: instances and containers find their
// credentials there. Source: RFC 3927 and RFC 4291 (link-local), Amazon EC2 user
// guide, Instance metadata service.
var never = prefixes("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32")

// private are addresses that only the network around them reaches. Source: the IANA
// IPv4 and IPv6 special-purpose address registries.
var private = prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
	"240.0.0.0/4", "::/128", "::1/128", "fc00::/7")

// embedding are the IPv6 prefixes whose last four bytes are an IPv4 address that
// a gateway connects to. Source: RFC 6052 and RFC 8215.
var embedding = prefixes("64:ff9b::/96", "64:ff9b:1::/48")

func prefixes(list ...string) []netip.Prefix {
	parsed := make([]netip.Prefix, len(list))
	for i, text := range list {
		parsed[i] = netip.MustParsePrefix(text)
	}
	return parsed
}

// allowed is the control of a dialer: it sees the address that is about to be
// connected to, after the name was resolved.
func allowed(privateToo bool) func(context.Context, string, string, syscall.RawConn) error {
	return func(_ context.Context, _, address string, _ syscall.RawConn) error {
		target, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("dial %s: %w", address, err)
		}
		return judge(target.Addr(), privateToo)
	}
}

func judge(address netip.Addr, privateToo bool) error {
	real := embedded(address.Unmap().WithZone(""))
	switch {
	case within(real, never):
		return &forbiddenError{address, "link-local, which no probe may ask"}
	case real.IsMulticast():
		return &forbiddenError{address, "one of many, which no probe may ask"}
	case !privateToo && within(real, private):
		return &forbiddenError{address, "private; allow it with `private: true`"}
	}
	return nil
}

// embedded is the IPv4 address that an IPv6 one stands for, or the address itself.
func embedded(address netip.Addr) netip.Addr {
	if !within(address, embedding) {
		return address
	}
	bytes := address.As16()
	return netip.AddrFrom4([4]byte(bytes[12:]))
}

func within(address netip.Addr, list []netip.Prefix) bool {
	for _, prefix := range list {
		if prefix.Contains(address) {
			return true
		}
	}
	return false
}
