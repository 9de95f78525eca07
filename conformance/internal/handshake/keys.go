package handshake

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"

	"golang.org/x/crypto/cryptobyte"
)

// KeyLog is what a side tells of its secrets, in the format of NSS: a label,
// the ClientHello's random and the secret. It never leaves the process.
type KeyLog string

// keys open what one side sends, record after record.
type keys struct {
	sealer cipher.AEAD
	iv     []byte
	number uint64
}

func (k KeyLog) keys(label string, random []byte, suite uint16) (*keys, error) {
	secret, err := k.secret(label, random)
	if err != nil {
		return nil, err
	}
	newHash, size := sha256.New, 16
	switch suite {
	case tls.TLS_AES_128_GCM_SHA256:
	case tls.TLS_AES_256_GCM_SHA384:
		newHash, size = sha512.New384, 32
	default:
		return nil, fmt.Errorf("the cipher suite is %s; only AES-GCM can be opened", tls.CipherSuiteName(suite))
	}
	key, err := expand(newHash, secret, "key", size)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	made := &keys{}
	if made.sealer, err = cipher.NewGCM(block); err != nil {
		return nil, err
	}
	made.iv, err = expand(newHash, secret, "iv", made.sealer.NonceSize())
	return made, err
}

func (k KeyLog) secret(label string, random []byte) ([]byte, error) {
	for line := range strings.Lines(string(k)) {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[0] == label && fields[1] == hex.EncodeToString(random) {
			return hex.DecodeString(fields[2])
		}
	}
	return nil, fmt.Errorf("the key log has no %s of this connection", label)
}

// expand is HKDF-Expand-Label of RFC 8446, section 7.1, without a context.
func expand(newHash func() hash.Hash, secret []byte, label string, size int) ([]byte, error) {
	var info cryptobyte.Builder
	info.AddUint16(uint16(size))
	info.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte("tls13 " + label)) })
	info.AddUint8(0)
	return hkdf.Expand(newHash, secret, string(info.BytesOrPanic()), size)
}

// open gives the type and the content that a record of TLS 1.3 encrypts.
func (k *keys) open(record []byte) (kind byte, content []byte, err error) {
	nonce := bytes.Clone(k.iv)
	counter := nonce[len(nonce)-8:]
	binary.BigEndian.PutUint64(counter, binary.BigEndian.Uint64(counter)^k.number)
	k.number++
	opened, err := k.sealer.Open(nil, nonce, record[headerSize:], record[:headerSize])
	if err != nil {
		return 0, nil, fmt.Errorf("opening a record: %w", err)
	}
	// Zeros that follow the type are padding.
	opened = bytes.TrimRight(opened, "\x00")
	if len(opened) == 0 {
		return 0, nil, errMalformed
	}
	return opened[len(opened)-1], opened[:len(opened)-1], nil
}
