"""What a search, and a booking, must answer: plain and slow, minute by minute, and sharing no code with the product.

Minutes are counted from 1970, elapsed; what a clock on the wall shows at each of them, `zoneinfo` says. A stretch of
time is a set of minutes: on duty is "every minute of it", free is "no minute of it". Conditions that a start must keep
stand one by one in `answer.CONDITIONS`: a further one is a further function there. What is kept for the rule-outs of a
day is found by trying every packing (`reserve`); all that speaks against a booking or an add-on is a set of codes.
"""
