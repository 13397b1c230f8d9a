"""Photos to faces: decoding, detectors, cropping and safe walks through folders and zips of pictures."""
