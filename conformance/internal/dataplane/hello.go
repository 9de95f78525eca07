//go:build linux

package dataplane

import "golang.org/x/crypto/cryptobyte"

// recordHandshake is the first byte of a TLS connection.
const recordHandshake = 22

const extensionALPN = 16

// offered reads the protocols (ALPN) that a ClientHello names.
func offered(record []byte) []string {
	input := cryptobyte.String(record)
	var handshake, hello, session, suites, methods, extensions cryptobyte.String
	var kind uint8
	if !input.Skip(3) || !input.ReadUint16LengthPrefixed(&handshake) || !handshake.ReadUint8(&kind) || !handshake.ReadUint24LengthPrefixed(&hello) ||
		!hello.Skip(34) || !hello.ReadUint8LengthPrefixed(&session) || !hello.ReadUint16LengthPrefixed(&suites) ||
		!hello.ReadUint8LengthPrefixed(&methods) || !hello.ReadUint16LengthPrefixed(&extensions) {
		return nil
	}
	for !extensions.Empty() {
		var number uint16
		var content, names, name cryptobyte.String
		if !extensions.ReadUint16(&number) || !extensions.ReadUint16LengthPrefixed(&content) {
			return nil
		}
		if number != extensionALPN || !content.ReadUint16LengthPrefixed(&names) {
			continue
		}
		var all []string
		for !names.Empty() && names.ReadUint8LengthPrefixed(&name) {
			all = append(all, string(name))
		}
		return all
	}
	return nil
}
